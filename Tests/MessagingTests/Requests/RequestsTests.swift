import Contracts
import Foundation
import Messaging
import TestKit
import Testing

@Suite struct RequestsTests {
    /// `catalog` asks, `auth` answers.
    private func with(
        _ handler: (@Sendable (ResolveSession, Delivery) async throws -> ResolveSession.Response)?, _ body: (Requests) async throws -> Void
    ) async throws {
        try await TestBroker.with { vhost in
            try await vhost.connected(.auth, logger: quiet) { auth in
                try await vhost.connected(.catalog, logger: quiet) { catalog in
                    let (answering, asking) = (Requests(auth, service: "auth", logger: quiet), Requests(catalog, service: "catalog", logger: quiet))
                    if let handler { answering.answer(ResolveSession.self, handler) }
                    try await running([answering, asking]) {
                        if handler != nil {
                            let probe = ResolveSession(userID: UUID(), sessionID: UUID())
                            try await eventually {
                                do { _ = try await asking.ask(probe, within: .milliseconds(200)) } catch RequestError.unavailable {
                                    return false
                                } catch {}
                                return true
                            }
                        }
                        try await body(asking)
                    }
                }
            }
        }
    }

    private let question = ResolveSession(userID: UUID(), sessionID: UUID())

    @Test func aRequestIsAnswered() async throws {
        try await with { request, delivery in
            #expect(delivery.source == "/hearth/catalog")
            return .init(
                session: .init(
                    userID: request.userID, sessionID: request.sessionID, permissions: ["a"], locale: "de-DE", timezone: "Europe/Berlin",
                    expiresAt: Date(timeIntervalSince1970: 1_800_000_000)))
        } _: { requests in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        let question = ResolveSession(userID: UUID(), sessionID: UUID())
                        let session = try await requests.ask(question, within: .seconds(20)).session
                        #expect(session?.userID == question.userID)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func aRefusalArrivesWithItsName() async throws {
        try await with { _, _ in
            throw RequestError.refused(slug: "no", message: "Not today.")
        } _: { requests in
            await #expect(throws: RequestError.refused(slug: "no", message: "Not today.")) {
                _ = try await requests.ask(question, within: .seconds(20))
            }
        }
    }

    @Test func anUnexpectedErrorTellsNothingOfItself() async throws {
        try await with { _, _ in
            throw Failure()
        } _: { requests in
            await #expect(throws: RequestError.refused(slug: "internal", message: "The request failed.")) {
                _ = try await requests.ask(question, within: .seconds(20))
            }
        }
    }

    @Test func theDeadlineEndsTheWait() async throws {
        try await with { _, _ in
            try await Task.sleep(for: .seconds(3600))
            return .init(session: nil)
        } _: { requests in
            await #expect(throws: RequestError.deadlineExceeded) { _ = try await requests.ask(question, within: .milliseconds(100)) }
        }
    }

    @Test func nobodyToAnswerIsSaidAtOnce() async throws {
        try await with(nil) { requests in
            await #expect(throws: RequestError.unavailable) { _ = try await requests.ask(question, within: .seconds(60)) }
        }
    }
}
