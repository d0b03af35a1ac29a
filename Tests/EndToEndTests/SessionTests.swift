import ClientKit
import Foundation
import Testing

@testable import Demo

extension EndToEnd {
    @Suite struct SessionTests {
        /// A path of each service that somebody signed in may ask for, and what it answers.
        private static let paths = [
            ("/v1/users/me", 200), ("/v1/search-criteria", 200), ("/v1/documents", 200), ("/v1/emails", 200), ("/v1/notifications", 200),
            ("/v1/scraping-jobs", 200), ("/v1/analytics/overview", 403),
        ]

        @Test func `a session that is ended is refused by every service, and its live stream ends`() async throws {
            let flow = try RunningSystem.flow()
            let seeker = try await flow.arrive(as: "seeker", firstName: "Mira")
            let stream = try await flow.openStream(of: seeker)
            for (path, status) in Self.paths { #expect(try await seeker.client.send("GET", path).status == status, "\(path)") }

            #expect(try await seeker.client.send("POST", "/v1/auth/logout").status == 204)
            for (path, _) in Self.paths {
                // The broadcast takes milliseconds; a machine that runs a whole suite of tests at the same time may take longer.
                try await Waiting.expect("\(path) refusing the ended session", within: .seconds(5)) {
                    try await seeker.client.send("GET", path).status == 401
                }
            }
            try await Waiting.expect("the end of the live stream", within: .seconds(10)) { await stream.hasEnded }
            let gateway = try RunningSystem.gateway()
            let refresh = try await gateway.send("POST", "/v1/auth/refresh", json: ["refresh_token": .text(seeker.refreshToken)])
            #expect(refresh.status == 401)
        }

        @Test func `the id of a request travels to the audit log of what it did`() async throws {
            let flow = try RunningSystem.flow()
            let requestID = "register-\(flow.run)"
            let seeker = try await flow.arrive(as: "seeker", firstName: "Mira", headers: ["X-Request-Id": requestID])
            let administrator = try await RunningSystem.administrator()
            let entry = try await Waiting.until("the audit log of the registration", within: .seconds(30)) {
                try await administrator.client.get("/v1/audit-logs?entity_type=user&entity_id=\(seeker.id)&limit=100")["items"].items.first {
                    $0["request_id"] == .text(requestID)
                }
            }
            #expect(entry["service_name"] == "auth")
            #expect(entry["entity_id"].string?.lowercased() == seeker.id.lowercased())
        }
    }
}
