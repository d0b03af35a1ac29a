import ClientKit
import Foundation
import Testing

@testable import Demo

extension EndToEnd {
    /// Every operation is asked with every token that is none.
    @Suite struct ForgedTokenTests {
        @Test func `without a token nothing opens that is not open to all`() async throws {
            let stage = try await HostileStage.ready()
            let closed = stage.operations.filter(\.needsToken)
            #expect(closed.count > 40)
            let attacks = try await closed.asyncFlatMap { [Self.attack($0, "no token", try await stage.ownPath($0), authorization: nil)] }
            try await stage.expectRefused(attacks, as: try RunningSystem.gateway(), allowed: [401])
        }

        @Test func `no token but one of a session that stands is taken, anywhere`() async throws {
            let stage = try await HostileStage.ready()
            let forgeries = try await ForgedToken.all(from: stage.owner)
            let attacks = try await stage.operations.asyncFlatMap { operation in
                let path = try await stage.ownPath(operation)
                return forgeries.map { Self.attack(operation, $0.name, path, authorization: $0.authorization) }
            }
            try await stage.expectRefused(attacks, as: try RunningSystem.gateway(), allowed: [401])
        }

        @Test func `a token of the system's own key is good as long as nothing in it is wrong`() async throws {
            let stage = try await HostileStage.ready()
            let right = try await ForgedToken.signed(try ForgedToken.claims(of: stage.owner)) { _ in }
            #expect(try await stage.owner.client.signedIn(right).send("GET", "/v1/users/me").status == 200)
        }

        private static func attack(_ operation: Operation, _ name: String, _ path: String, authorization: String?) -> Attack {
            var headers: [String: String] = [:]
            if let authorization { headers["Authorization"] = authorization }
            let body = operation.body.map(Sample.value).flatMap { try? Array(JSONEncoder().encode($0)) }
            return Attack(operation, name, path: path, body: body, headers: headers)
        }
    }
}
