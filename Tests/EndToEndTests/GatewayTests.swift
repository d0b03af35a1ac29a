import ClientKit
import Foundation
import Testing

@testable import Demo

extension EndToEnd {
    @Suite struct GatewayTests {
        @Test(arguments: ["/v1/nothing", "/healthz", "/readyz", "/metrics", "/v1/listingsabc", "/internal", "/v1"])
        func `what has no route is not found, health and metrics among it`(path: String) async throws {
            let reply = try await RunningSystem.gateway().send("GET", path)
            #expect(reply.status == 404)
            #expect(reply.isProblem)
            #expect(reply.json["status"] == 404)
        }

        @Test func `a preflight of the front end is answered, and one of a stranger is not`() async throws {
            let gateway = try RunningSystem.gateway()
            let asking = ["Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization, if-match"]
            let reply = try await gateway.send("OPTIONS", "/v1/users/me", headers: asking.merging(["Origin": RunningSystem.frontEnd]) { $1 })
            #expect(reply.status == 204)
            #expect(reply.headers["access-control-allow-origin"] == RunningSystem.frontEnd)
            #expect(reply.headers["access-control-allow-methods"]?.contains("PATCH") == true)
            #expect(reply.headers["access-control-allow-headers"]?.contains("If-Match") == true)

            let stranger = try await gateway.send("OPTIONS", "/v1/users/me", headers: asking.merging(["Origin": "https://elsewhere.example"]) { $1 })
            #expect(stranger.headers["access-control-allow-origin"] == nil)
        }

        @Test func `an answer names its request: by the id that came with it, or by a new one`() async throws {
            let gateway = try RunningSystem.gateway()
            let named = try await gateway.send("GET", "/v1/users/me", headers: ["X-Request-Id": "a-request-of-mine"])
            #expect(named.headers["x-request-id"] == "a-request-of-mine")
            let (one, two) = (try await gateway.send("GET", "/v1/users/me"), try await gateway.send("GET", "/v1/users/me"))
            #expect(one.headers["x-request-id"]?.count == 32)
            #expect(one.headers["x-request-id"] != two.headers["x-request-id"])
        }

        @Test func `a body beyond the limit is refused as a problem`() async throws {
            let big = [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20)
            let reply = try await RunningSystem.gateway().send("POST", "/v1/auth/login", body: big, headers: ["Content-Type": "application/json"])
            #expect(reply.status == 413)
            #expect(reply.isProblem)
        }

        @Test func `JSON that is none is refused as a problem`() async throws {
            let reply = try await RunningSystem.gateway()
                .send("POST", "/v1/auth/login", body: Array("{\"email\":".utf8), headers: ["Content-Type": "application/json"])
            #expect(reply.status == 400)
            #expect(reply.isProblem)
        }

        @Test func `the joined document and its page describe all seven services`() async throws {
            let gateway = try RunningSystem.gateway()
            let document = try await gateway.get("/openapi.json")
            #expect(document["openapi"].string?.hasPrefix("3.1") == true)
            let paths = document["paths"].fields.keys
            for path in [
                "/v1/auth/login", "/v1/listings", "/v1/documents", "/v1/templates", "/v1/notifications", "/v1/scraping-jobs",
                "/v1/analytics/overview",
            ] {
                #expect(paths.contains(path))
            }
            let page = try await gateway.send("GET", "/docs")
            #expect(page.status == 200)
            #expect(page.headers["content-type"]?.hasPrefix("text/html") == true)
        }

        @Test func `while a service is down its paths answer as a problem, the others go on, and it comes back by itself`() async throws {
            let gateway = try RunningSystem.gateway()
            let path = "/v1/listings"
            let usual = try await gateway.send("GET", path).status
            try await RunningSystem.script("services.sh", "stop", "catalog")
            let down: Reply
            let other: Reply
            do {
                down = try await gateway.send("GET", path)
                other = try await gateway.send("GET", "/v1/users/me")
            } catch {
                try await RunningSystem.script("services.sh", "start", "catalog")
                throw error
            }
            try await RunningSystem.script("services.sh", "start", "catalog")
            #expect(down.status == 503)
            #expect(down.isProblem)
            #expect(down.headers["retry-after"] != nil)
            #expect(other.status == 401)
            try await Waiting.expect("the catalog answering again", within: .seconds(20)) { try await gateway.send("GET", path).status == usual }
        }
    }
}
