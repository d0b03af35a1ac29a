import Contracts
import Hummingbird
import NIOCore
import ServiceKit
import Synchronization

/// A service of no use but to be asked: what every service gets from the shared layers is tested on it.
struct ProbeService: HearthService {
    static let name = ServiceName.documents
    static let openAPI = Array(
        #"{"openapi":"3.1.0","paths":{"/v1/probe":{"get":{},"post":{}},"/v1/probe/{id}":{"get":{}},"/v1/probe/slow":{"get":{}},"/v1/probe/fault":{"get":{}},"/v1/probe/endless":{"get":{}}}}"#
            .utf8)

    /// An answer without an end has been given up.
    static let endlessEnded = Atomic(false)

    struct Body: Codable, Validated {
        var name: String
        func validate(_ check: inout Validation) { check.text(name, "/name", maximum: 5) }
    }

    static func build(_ platform: Platform) async throws -> Assembly {
        let router = platform.router()
        router.get("/v1/probe") { request, context in
            try Response.json(["user": context.caller?.userID.uuidString ?? "nobody", "ip": context.clientIP ?? ""], request: request)
        }
        router.post("/v1/probe") { request, context in
            try context.requireCaller()
            return try Response.json(try await request.decode(as: Body.self, context: context), status: .created, request: request)
        }
        router.get("/v1/probe/:id") { request, context in
            try Response.json(["id": try context.parameters.id()], request: request)
        }
        router.get("/v1/probe/slow") { request, _ in
            try await Task.sleep(for: .milliseconds(300))
            return try Response.json(["slow": true], request: request)
        }
        router.get("/v1/probe/endless") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    defer { endlessEnded.store(true, ordering: .releasing) }
                    while true { try await writer.write(ByteBuffer(repeating: 0x78, count: 64 * 1024)) }
                })
        }
        router.get("/v1/probe/fault") { _, _ -> Response in throw Fault() }
        return Assembly(router: router)
    }

    struct Fault: Error {
        var secret = "nobody may see this"
    }
}
