import Contracts
import Foundation

/// `deploy/gateway/routes.tsv`: which service answers which path.
struct RouteTable {
    struct Route {
        var path: String
        var isExact: Bool
        var service: ServiceName
    }

    private let routes: [Route]

    init(contentsOf path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CleanError("The route table \(path) cannot be read; name it with --routes.")
        }
        self.init(text)
    }

    init(_ text: String) {
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("/") }.map { $0.split(separator: "\t") }
        let routes = rows.compactMap { row -> Route? in
            guard row.count == 3, let service = ServiceName(rawValue: String(row[1])) else { return nil }
            let isExact = row[0].hasSuffix("=")
            return Route(path: String(isExact ? row[0].dropLast() : row[0]), isExact: isExact, service: service)
        }
        // The longest match wins, as it does in nginx.
        self.routes = routes.sorted { $0.path.count > $1.path.count }
    }

    /// Who answers a path at the gateway; nil when nobody does.
    func service(for path: String) -> ServiceName? {
        routes.first { path == $0.path || (!$0.isExact && path.hasPrefix($0.path + "/")) }?.service
    }
}
