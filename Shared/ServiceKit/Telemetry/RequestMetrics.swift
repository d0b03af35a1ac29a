import HTTPTypes
import Metrics
import Synchronization

/// `http_server_requests_seconds` by route pattern, method and class of status. A path that no route has counts under one name, so that
/// strangers cannot make series.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        var route: String
        var method: HTTPRequest.Method
        var statusClass: Int
    }

    private let factory: any MetricsFactory
    private let timers = Mutex<[Key: Timer]>([:])

    init(factory: any MetricsFactory = MetricsSystem.factory) {
        self.factory = factory
    }

    func record(route: String, method: HTTPRequest.Method, status: Int, nanoseconds: Int64) {
        let key = Key(route: route, method: method, statusClass: status / 100)
        let timer = timers.withLock { timers in
            if let timer = timers[key] { return timer }
            let timer = Timer(
                label: "http_server_requests",
                dimensions: [("route", route), ("method", Self.name(of: method)), ("status", "\(key.statusClass)xx")], factory: factory)
            timers[key] = timer
            return timer
        }
        timer.recordNanoseconds(nanoseconds)
    }

    private static func name(of method: HTTPRequest.Method) -> String {
        switch method {
        case .get, .head, .post, .put, .patch, .delete, .options: method.rawValue
        default: "other"
        }
    }
}
