import ClientKit
import Contracts
import Foundation
import Testing

@testable import Demo

extension EndToEnd {
    /// What is changed in one place and holds at every copy of every service, without a restart.
    @Suite struct ConfigurationTests {
        @Test func `a setting holds at every copy of every service, and no longer than it is active`() async throws {
            try await RunningSystem.complete()
            let administrator = try await RunningSystem.administrator()
            let path = "/v1/configuration/rate_limits.anonymous"
            // Another number than the environment's, and far beyond what the tests ask.
            let quota = Int.random(in: 2_000_000...3_000_000)
            let known = try await administrator.client.get(path)
            let changed = try await administrator.client.send("PATCH", path, json: ["value": .text("\(quota)/60s"), "is_active": true])
            #expect(changed.status == 200, "\(changed.reason)")
            try await hold("\"anonymous\";q=\(quota);w=60")
            let back = try await administrator.client.send("PATCH", path, json: ["value": known["value"], "is_active": false])
            #expect(back.status == 200, "\(back.reason)")
            try await hold("\"anonymous\";q=\(RunningSystem.environment["RATE_LIMIT_ANONYMOUS"]?.split(separator: "/").first ?? "600");w=60")
        }

        /// Every copy of every service tells of this limit.
        private func hold(_ policy: String) async throws {
            for service in ServiceName.allCases {
                for (number, copy) in try RunningSystem.clients(of: service).enumerated() {
                    try await Waiting.expect("copy \(number + 1) of \(service) telling \(policy)", within: .seconds(60)) {
                        try await copy.send("GET", "/v1/\(service)/openapi.json").headers["ratelimit-policy"]?.contains(policy) == true
                    }
                }
            }
        }

        @Test func `a feature flag is on for whom it names, at both copies, and off for everybody when it is gone`() async throws {
            try await RunningSystem.complete()
            let administrator = try await RunningSystem.administrator()
            let flow = try RunningSystem.flow()
            let (chosen, other) = (
                try await flow.arrive(as: "seeker", firstName: "Mira"), try await RunningSystem.flow().arrive(as: "seeker", firstName: "Jonas")
            )
            let name = "walk.run-\(flow.run)"
            _ = try await administrator.client.post(
                "/v1/feature-flags",
                ["name": .text(name), "enabled": true, "config": ["rules": [["users": [.text(chosen.id)]]]]], expecting: 201)
            try await evaluate(name, for: chosen, as: true)
            try await evaluate(name, for: other, as: false)
            let off = try await administrator.client.send("PATCH", "/v1/feature-flags/\(name)", json: ["enabled": false])
            #expect(off.status == 200, "\(off.reason)")
            try await evaluate(name, for: chosen, as: false)
            #expect(try await administrator.client.send("DELETE", "/v1/feature-flags/\(name)").status == 204)
        }

        private func evaluate(_ flag: String, for person: Person, as value: Bool) async throws {
            let token = try #require(person.client.token)
            for (number, copy) in try RunningSystem.clients(of: .auth).enumerated() {
                try await Waiting.expect("copy \(number + 1) saying \(value) of \(flag)", within: .seconds(60)) {
                    try await copy.signedIn(token).get("/v1/feature-flags/evaluated")["flags"][flag] == .bool(value)
                }
            }
        }
    }
}
