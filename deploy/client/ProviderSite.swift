import Foundation
import Hummingbird
import Logging
import NIOCore

/// A local web server in the place of a provider's site.
package struct ProviderSite: Sendable {
    package struct Page: Sendable {
        package var type: String
        package var bytes: [UInt8]

        package init(type: String, bytes: [UInt8]) {
            self.type = type
            self.bytes = bytes
        }
    }

    package let port: Int
    package let page: @Sendable (_ path: String, _ query: String) async throws -> Page?

    package init(port: Int, page: @escaping @Sendable (_ path: String, _ query: String) async throws -> Page?) {
        self.port = port
        self.page = page
    }

    /// Serves for as long as `body` runs.
    package func serve<Result: Sendable>(_ body: (_ url: String) async throws -> Result) async throws -> Result {
        let router = Router(context: BasicRequestContext.self)
        router.get("**") { request, _ in
            guard let page = try await page(request.uri.path, request.uri.query ?? "") else { return Response(status: .notFound) }
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
                    throw StepFailure("The provider's site cannot be served on port \(port): \(error.localizedDescription).")
                }
            }
            for await _ in running {
                let result = try await body("http://127.0.0.1:\(port)")
                group.cancelAll()
                return result
            }
            try await group.waitForAll()
            throw StepFailure("The provider's site ended before it began.")
        }
    }
}
