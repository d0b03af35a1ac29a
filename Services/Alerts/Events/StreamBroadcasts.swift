import Contracts
import Messaging

/// What every copy hears for the live streams it holds.
struct StreamBroadcasts {
    let streams: LiveStreams

    func listen(on broadcasts: Broadcasts) {
        broadcasts.on(NotificationCreated.self) { event, _ in streams.wake(event.userID) }
        broadcasts.on(SessionRevoked.self) { event, _ in streams.end(session: event.sessionID, of: event.userID) }
    }
}
