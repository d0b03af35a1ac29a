import Contracts
import Foundation
import Messaging
import ServiceKit
import TestKit
import Testing

@testable import Alerts

@Suite("A live stream")
struct StreamTests {
    struct Ticket: Decodable { var ticket: String }

    @Test("shows each notification once and in order as it comes, and resumes with exactly what was missed")
    func resumes() async throws {
        try await AlertStage.with(settings: ["STREAM_BEAT": "100ms"]) { stage in
            let caller = Caller.test()
            try await stage.register(caller)
            try await stage.register(.test())
            try await stage.notify(caller, "Before")
            let token = try await stage.service.identity.token(for: caller)
            try await stage.stream(token: token) { stream in
                #expect(stream.status == 200)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 1...20 { group.addTask { try await stage.notify(caller, "Home \(number)") } }
                    try await group.waitForAll()
                }
                try await eventually { stream.notifications.count == 20 }
                #expect(stream.notifications.map(\.id) == (2...21).map(String.init))
                try await eventually { stream.beats >= 2 }
                #expect(stream.notifications.count == 20)
            }
            // What came while nobody looked, and what comes after.
            try await stage.stream(token: token, lastEventID: "15") { stream in
                try await eventually { stream.notifications.count == 6 }
                try await stage.notify(caller, "After")
                try await eventually { stream.notifications.count == 7 }
                #expect(stream.notifications.map(\.id) == (16...22).map(String.init))
                #expect(stream.notifications.last?.title == "After")
            }
            try await stage.stream("?last_event_id=0", token: token) { stream in
                try await eventually { stream.notifications.count == 22 }
            }
            try await stage.stream(token: token, lastEventID: "x") { #expect($0.status == 422) }
        }
    }

    @Test("of more than a page of news gives all of it")
    func manyPages() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            try await stage.register(caller)
            _ = try await stage.transaction { tx in
                try await tx.execute(
                    """
                    INSERT INTO notifications (user_id, sequence, subject_key, type, title, message)
                    SELECT \(caller.userID), n, n::text, 'reminder', n::text, '' FROM generate_series(1, 250) AS n
                    """)
            }
            let token = try await stage.service.identity.token(for: caller)
            try await stage.stream(token: token, lastEventID: "0") { stream in
                try await eventually { stream.notifications.count == 250 }
                #expect(stream.notifications.map(\.title) == (1...250).map(String.init))
            }
        }
    }

    @Test("opens once with a ticket, also for somebody of whom nothing is known yet")
    func tickets() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            let issued = try await stage.service.post("/v1/notifications/stream-tickets", [String: String](), as: caller)
            #expect(issued.status == 201, "\(issued)")
            let ticket = try issued.json(Ticket.self).ticket
            try await stage.register(caller)
            try await stage.stream("?ticket=\(ticket)") { stream in
                #expect(stream.status == 200)
                try await stage.notify(caller, "Home")
                try await eventually { stream.notifications.map(\.title) == ["Home"] }
            }
            for spent in [ticket, "never"] { try await stage.stream("?ticket=\(spent)") { #expect($0.status == 401) } }
            // Late is too late.
            let late = try await stage.service.post("/v1/notifications/stream-tickets", [String: String](), as: caller).json(Ticket.self).ticket
            _ = try await stage.transaction { try await $0.execute("UPDATE stream_tickets SET expires_at = now()") }
            try await stage.stream("?ticket=\(late)") { #expect($0.status == 401) }
            #expect(try await stage.count("SELECT count(*) FROM stream_tickets WHERE ticket_hash = \(late)::bytea") == 0)
        }
    }

    @Test("ends with its session, and a ticket of that session opens none any more")
    func sessionEnds() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            let other = Caller(userID: caller.userID, sessionID: .v7())
            try await stage.register(caller)
            let ticket = try await stage.service.post("/v1/notifications/stream-tickets", [String: String](), as: caller).json(Ticket.self).ticket
            let (token, otherToken) = (try await stage.service.identity.token(for: caller), try await stage.service.identity.token(for: other))
            try await stage.stream(token: token) { stream in
                try await stage.stream(token: otherToken) { otherStream in
                    try await stage.service.speaking(as: .auth) {
                        try await $0.say(SessionRevoked(sessionID: caller.sessionID, userID: caller.userID, reason: "revoked"))
                    }
                    try await eventually { stream.hasEnded }
                    try await stage.notify(caller, "Home")
                    try await eventually { otherStream.notifications.count == 1 }
                    #expect(!otherStream.hasEnded && stream.notifications.isEmpty)
                }
            }
            try await stage.stream("?ticket=\(ticket)") { #expect($0.status == 401) }
            try await stage.stream(token: token) { #expect($0.status == 401) }
        }
    }

    @Test("ends with its token, and says so")
    func tokenEnds() async throws {
        try await AlertStage.with { stage in
            let caller = Caller.test()
            let token = try await stage.service.identity.token(for: caller, lifetime: .seconds(3))
            try await stage.stream(token: token) { stream in
                try await eventually { stream.hasEnded }
                #expect(stream.text.hasSuffix("event: end\ndata: {}\n\n"))
            }
        }
    }

    @Test("is one of a few that a person may hold; a place is free again when its client leaves, and HEAD takes none")
    func places() async throws {
        try await AlertStage.with(settings: ["STREAMS_PER_USER": "2", "STREAM_BEAT": "50ms"]) { stage in
            let caller = Caller.test()
            let token = try await stage.service.identity.token(for: caller)
            for _ in 1...5 { #expect(try await stage.service.request(.HEAD, "/v1/notifications/stream", as: caller).status == 200) }
            try await stage.stream(token: token) { _ in
                try await stage.stream(token: token) { second in
                    #expect(second.status == 200)
                    try await stage.stream(token: token) { #expect($0.status == 429) }
                    let another = try await stage.service.identity.token(for: .test())
                    try await stage.stream(token: another) { #expect($0.status == 200) }
                }
            }
            try await eventually { try await stage.stream(token: token) { $0.status == 200 } }
        }
    }

    @Test("frees its place when its client leaves, however long nothing is said")
    func leaving() async throws {
        try await AlertStage.with(settings: ["STREAMS_PER_USER": "1", "STREAM_BEAT": "600s"]) { stage in
            let token = try await stage.service.identity.token(for: .test())
            for _ in 1...3 {
                try await eventually { try await stage.stream(token: token) { $0.status == 200 } }
            }
        }
    }
}
