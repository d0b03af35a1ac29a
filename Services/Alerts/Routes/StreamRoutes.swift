import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

struct StreamRoutes {
    let notifications: NotificationStore
    let tickets: StreamTicketStore
    let streams: LiveStreams
    let beat: Duration

    func add(to router: Router<APIContext>) {
        router.post("/v1/notifications/stream-tickets", use: issue)
        router.get("/v1/notifications/stream", use: open)
    }

    @Sendable func issue(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.notificationsRead)
        let ticket = try await tickets.issue(as: caller, until: caller.tokenExpiresAt ?? Date())
        return try .json(
            Ticket(ticket: ticket, expiresIn: Int(StreamTicketStore.lifetime.components.seconds)), status: .created, request: request)
    }

    @Sendable func open(_ request: Request, _ context: APIContext) async throws -> Response {
        let admission = try await admit(request, context)
        let seen = try lastEventID(request)
        let start = if let seen { seen } else { try await notifications.lastSequence(of: admission.userID) }
        let subscription: LiveStreams.Subscription
        do {
            subscription = try streams.subscribe(admission)
        } catch .sessionEnded {
            throw APIError.sessionEnded
        } catch .tooManyForUser {
            throw APIError(.tooManyRequests, "too-many-streams", "You hold as many live streams as one may.", headers: [.retryAfter: "30"])
        } catch {
            throw APIError(.serviceUnavailable, "too-many-streams", "This server holds as many live streams as it can.", headers: [.retryAfter: "5"])
        }
        let stream = EventStream(
            admission: admission, subscription: subscription, notifications: notifications, beat: beat, start: start)
        // The stream holds its subscription: whether it ends, the client leaves or nobody ever writes it (HEAD), the place is free again.
        let body = ResponseBody { writer in
            // A client that leaves is noticed at once, not by the next beat that cannot be written.
            try await request.body.consumeWithInboundCloseHandler { _ in
                try await stream.write(to: &writer)
            } onInboundClosed: {
                subscription.end()
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .xAccelBuffering: "no"], body: body)
    }

    /// With an access token, or with a one-time ticket where no header can be sent.
    private func admit(_ request: Request, _ context: APIContext) async throws -> Admission {
        let ticket = try request.query("ticket", maximum: 64)
        if let caller = try context.permitted(.notificationsRead), let expiresAt = caller.tokenExpiresAt {
            return Admission(userID: caller.userID, sessionID: caller.sessionID, expiresAt: expiresAt)
        }
        guard let ticket else { throw APIError.unauthorized }
        guard let admission = try await tickets.redeem(ticket) else {
            throw APIError(.unauthorized, "ticket-spent", "The ticket was used or has run out; ask for another.")
        }
        return admission
    }

    private func lastEventID(_ request: Request) throws -> Int64? {
        let queried = try request.query("last_event_id", maximum: 20)
        guard let text = request.headers[.lastEventID] ?? queried, !text.isEmpty else { return nil }
        guard let sequence = Int64(text), sequence >= 0 else {
            throw APIError.invalid([FieldError("header/Last-Event-ID", "format", "is not the id of an event of this stream")])
        }
        return sequence
    }

    struct Ticket: Codable {
        var ticket: String
        /// Seconds.
        var expiresIn: Int
        enum CodingKeys: String, CodingKey {
            case ticket
            case expiresIn = "expires_in"
        }
    }
}

extension HTTPField.Name {
    static let lastEventID = Self("Last-Event-ID")!  // a valid field name, by eye
    static let xAccelBuffering = Self("X-Accel-Buffering")!  // a valid field name, by eye
}
