import Contracts
import Foundation
import NIOHTTP1
import ServiceKit
import TestKit
import Testing

@testable import Auth

/// Does one thing after the other and holds each against the events that it must raise.
final class AuditStage {
    let stage: AgencyStage
    /// `POST /v1/auth/login` and so on.
    private(set) var covered: Set<String> = []

    init(_ stage: AgencyStage) { self.stage = stage }

    /// - Parameters:
    ///   - operation: As the document names it.
    ///   - events: Names of events; of `auth.security.noted.v1` the act, after a colon.
    @discardableResult
    func expect(
        _ operation: String, raises events: String..., sourceLocation: SourceLocation = #_sourceLocation, by body: () async throws -> TestResponse
    ) async throws -> TestResponse {
        covered.insert(operation)
        let before = Dictionary(uniqueKeysWithValues: events.map { ($0, count($0)) })
        let answer = try await body()
        #expect((200..<300).contains(answer.status), "\(operation): \(answer)", sourceLocation: sourceLocation)
        for event in events {
            try await eventually(sourceLocation: sourceLocation) { count(event) > before[event] ?? 0 }
        }
        return answer
    }

    private func count(_ event: String) -> Int {
        stage.auth.tap.names.count { $0 == event }
    }

    func send(_ method: HTTPMethod, _ path: String, _ body: String? = "{}", as who: SignIn? = nil) async throws -> TestResponse {
        var headers = who.map { stage.headers($0) } ?? [:]
        if body != nil { headers.add(name: "Content-Type", value: "application/json") }
        return try await stage.auth.service.request(method, path, body: body.map { Array($0.utf8) }, headers: headers)
    }
}
