import Foundation
import Hummingbird
import ServiceKit

/// How well readers read, against their own past.
struct ReaderRoutes: Sendable {
    let drifts: DriftStore

    func add(to router: Router<APIContext>) {
        router.group("/v1/scraping-jobs")
            .get("readers", use: readers)
            .get("drifts", use: listDrifts)
    }

    @Sendable func readers(_ request: Request, _ context: APIContext) async throws -> Page<ReaderHealth> {
        let caller = try context.require(.scrapingRead)
        let all = ReaderHealth.all(try await drifts.shares(as: caller))
        return Page(all, limit: all.count) { $0.provider }
    }

    @Sendable func listDrifts(_ request: Request, _ context: APIContext) async throws -> Page<ReaderDrift> {
        let caller = try context.require(.scrapingRead)
        let page = try PageRequest<ListKey>(request)
        let provider = try request.query("provider", as: String.self)
        var check = Validation()
        check.text(provider, "query/provider", maximum: 50)
        try check.finish()
        let open = try request.query("open", as: Bool.self)
        let rows = try await drifts.list(provider: provider, open: open, after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit) { ListKey(createdAt: $0.raisedAt, id: $0.id) }
    }
}
