import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Postgres

/// What operators and orchestrators ask, on a port of its own that the gateway does not route: `/healthz` (the process answers),
/// `/readyz` (it can serve: 200, or 503, with each part's state), `/metrics` (Prometheus).
struct AdminServer {
    let readiness: Readiness
    let metrics: PrometheusMetrics?

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("healthz") { _, _ in "ok\n" }
        router.get("readyz") { [readiness] _, _ in
            let report = await readiness.report()
            let body = ByteBuffer(bytes: try JSONEncoder.hearth.encode(report))
            return Response(
                status: report.status == .unready ? .serviceUnavailable : .ok, headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: body))
        }
        router.get("metrics") { [metrics] _, _ in
            let text = (metrics?.text() ?? "") + ProcessMetrics.text()
            return Response(
                status: .ok, headers: [.contentType: PrometheusText.contentType], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        return router
    }

    func application(
        _ address: BindAddress, logger: Logger, onRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> Application<RouterResponder<BasicRequestContext>> {
        Application(
            router: router(), server: .http1(configuration: .init(idleTimeout: .seconds(75))), configuration: .init(address: address),
            onServerRunning: onRunning, logger: logger)
    }
}
