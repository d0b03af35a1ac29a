import Foundation
import Hummingbird
import Logging
import NIOCore

/// A local web server in the place of a provider's site.
struct ProviderSite: Sendable {
    struct Page: Sendable {
        var type: String
        var bytes: [UInt8]
    }

    let port: Int
    let page: @Sendable (_ path: String) throws -> Page?

    /// Serves for as long as `body` runs.
    func serve<Result: Sendable>(_ body: (_ url: String) async throws -> Result) async throws -> Result {
        let router = Router(context: BasicRequestContext.self)
        router.get("**") { request, _ in
            guard let page = try page(request.uri.path) else { return Response(status: .notFound) }
            return Response(status: .ok, headers: [.contentType: page.type], body: .init(byteBuffer: ByteBuffer(bytes: page.bytes)))
        }
        let (running, started) = AsyncStream<Void>.makeStream()
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { _ in started.yield() },
            logger: Logger(label: "site") { _ in SwiftLogNoOpLogHandler() })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { started.finish() }
                do {
                    try await app.run()
                } catch let error as IOError {
                    throw DemoFailure("The provider's site cannot be served on port \(port): \(error.localizedDescription).")
                }
            }
            for await _ in running {
                let result = try await body("http://127.0.0.1:\(port)")
                group.cancelAll()
                return result
            }
            try await group.waitForAll()
            throw DemoFailure("The provider's site ended before it began.")
        }
    }
}
