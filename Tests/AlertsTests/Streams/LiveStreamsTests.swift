import Foundation
import Testing

@testable import Alerts

@Suite("The streams of a copy")
struct LiveStreamsTests {
    private func admission(_ user: UUID = UUID(), session: UUID = UUID()) -> Admission {
        Admission(userID: user, sessionID: session, expiresAt: .distantFuture)
    }

    @Test("are bounded for a person and in all, and a place that nobody holds is free")
    func bounds() throws {
        let streams = LiveStreams(maximumPerUser: 2, maximum: 3)
        let user = UUID()
        var held = [try streams.subscribe(admission(user)), try streams.subscribe(admission(user))]
        #expect(throws: LiveStreams.Refusal.tooManyForUser) { try streams.subscribe(admission(user)) }
        held.append(try streams.subscribe(admission()))
        #expect(throws: LiveStreams.Refusal.tooMany) { try streams.subscribe(admission()) }
        #expect(streams.count == 3)
        held.removeAll()
        #expect(streams.count == 0)
        _ = try streams.subscribe(admission(user))
    }

    @Test("of an ended session end, and none is opened for it by a request that was let in before")
    func ended() async throws {
        let streams = LiveStreams(maximumPerUser: 2, maximum: 3)
        let admission = admission()
        let subscription = try streams.subscribe(admission)
        streams.end(session: admission.sessionID, of: admission.userID)
        for await _ in subscription.wakes { Issue.record("it was woken") }
        #expect(throws: LiveStreams.Refusal.sessionEnded) { try streams.subscribe(admission) }
    }

    @Test("end when the copy stops, and no more are taken")
    func stops() async throws {
        let streams = LiveStreams(maximumPerUser: 2, maximum: 3)
        let subscription = try streams.subscribe(admission())
        streams.wakeAll()
        streams.wakeAll()
        streams.endAll()
        var wakes = 0
        for await _ in subscription.wakes { wakes += 1 }
        #expect(wakes == 1)
        #expect(throws: LiveStreams.Refusal.tooMany) { try streams.subscribe(admission()) }
    }
}
