import ClientKit
import Contracts
import Foundation
import Testing

@testable import Demo

extension EndToEnd {
    /// The steps that `hearthctl rotate-encryption --help` tells, taken while people use the system.
    @Suite struct KeyRotationTests {
        @Test func `the key of what is sealed is another from copy to copy, and nobody notices`() async throws {
            try await RunningSystem.complete()
            let flow = try RunningSystem.flow()
            let registration = Registration(
                email: "rotation\(flow.run)@hearth.example", firstName: "Mira", gateway: flow.gateway, mail: flow.mail)
            try await registration.register(as: "seeker", firstName: "Mira")
            let seeker = try await registration.confirm(registration.confirmationToken())
            let administrator = try await RunningSystem.administrator()
            let tour = try RunningSystem.sampleTour(run: flow.run)
            // The answer to this lies sealed, until somebody asks again; so do the key that signs tokens and this setting.
            let wishes = try Array(JSONEncoder().encode(tour.wishes))
            let first = try await once(flow.run, wishes, as: seeker)
            let setting: JSON = [
                "key": .text("rotation.run_\(flow.run)"), "value": "a secret", "data_type": "string", "is_sensitive": true,
            ]
            _ = try await administrator.client.post("/v1/configuration", setting, expecting: 201)

            let old = try Keyring.read()
            var random = SystemRandomNumberGenerator()
            let secret = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }).base64EncodedString()
            let new = "run\(flow.run):\(secret)"
            let load: [@Sendable () async throws -> Reply] = [
                { try await seeker.client.send("GET", "/v1/search-criteria") }, { try await seeker.client.send("GET", "/v1/users/me") },
                {
                    try await flow.gateway.send(
                        "POST", "/v1/auth/login", json: ["email": .text(seeker.email), "password": .text(registration.password)])
                },
            ]
            let failures = try await RunningSystem.underLoad(load) {
                try await roll("\(old),\(new)")
                try await roll("\(new),\(old)")
                // It ends with another status than 0 while an older key is in any table, or something cannot be opened.
                try await RunningSystem.script("hearth.sh", "hearthctl", "rotate-encryption")
            }
            #expect(failures.isEmpty, "\(failures.prefix(5))")
            #expect(try await once(flow.run, wishes, as: seeker) == first)
            #expect(try await administrator.client.send("DELETE", "/v1/configuration/rotation.run_\(flow.run)").status == 204)
        }

        /// The same request with the same key, byte by byte: whatever it answered first.
        private func once(_ run: String, _ wishes: [UInt8], as seeker: Person) async throws -> JSON {
            let reply = try await seeker.client.send(
                "POST", "/v1/search-criteria", body: wishes,
                headers: ["Content-Type": "application/json", "Idempotency-Key": "rotation-\(run)"])
            return try reply.expecting(201, "The search")["id"]
        }

        /// Starts every service anew with these keys, one copy after the other.
        private func roll(_ keys: String) async throws {
            try Keyring.write(keys)
            for number in 1...RunningSystem.copies {
                let names = ServiceName.allCases.map { "\($0.rawValue).\(number)" }
                try await RunningSystem.script("services.sh", ["stop"] + names)
                try await RunningSystem.script("services.sh", ["start"] + names)
            }
        }
    }
}

/// The file of each service, and the operator's, that says under which keys is sealed.
private enum Keyring {
    static func read() throws -> String {
        try String(contentsOf: file("admin"), encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    static func write(_ keys: String) throws {
        for name in ServiceName.allCases.map(\.rawValue) + ["admin"] {
            try keys.write(to: file(name), atomically: false, encoding: .utf8)
        }
    }

    private static func file(_ name: String) -> URL {
        URL(fileURLWithPath: RunningSystem.environment["HEARTH_SECRETS_PATH"] ?? "").deletingLastPathComponent()
            .appendingPathComponent(name).appendingPathComponent("encryption_keys")
    }
}
