import Foundation
import Hummingbird
import Outbound
import ServiceKit

/// Jobs: start, watch, cancel.
struct ScrapingJobRoutes: Sendable {
    let jobs: JobStore
    let pages: PageStore
    let fetches: FetchStore
    /// Servers whose pages may be taken for any provider's.
    let allowed: Set<HostPort>

    func add(to router: Router<APIContext>) {
        router.group("/v1/scraping-jobs")
            .post(use: start)
            .get(use: list)
            .get(":id", use: get)
            .get(":id/pages", use: listPages)
            .get(":id/fetches", use: listFetches)
            .post(":id/cancel", use: cancel)
            .post(":id/replay", use: replay)
    }

    @Sendable func start(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.scrapingRun)
        let body = try await request.decode(as: NewJobBody.self, context: context)
        let job = try await jobs.create(body.job(for: caller, allowed: allowed), as: caller)
        let location = "/v1/scraping-jobs/\(job.id.uuidString.lowercased())"
        return try .json(job, status: .created, request: request, headers: [.location: location])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<ScrapingJob> {
        let caller = try context.require(.scrapingRead)
        let page = try PageRequest<ListKey>(request)
        let status = try request.query("status", as: JobStatus.self)
        let rows = try await jobs.list(status: status, after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit) { ListKey(createdAt: $0.createdAt, id: $0.id) }
    }

    @Sendable func get(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.scrapingRead)
        guard let job = try await jobs.find(context.parameters.id(), as: caller) else { throw APIError.notFound("scraping job") }
        return try .json(job, request: request)
    }

    @Sendable func listPages(_ request: Request, _ context: APIContext) async throws -> Page<ScrapingPage> {
        let caller = try context.require(.scrapingRead)
        let id = try context.parameters.id()
        let page = try PageRequest<UUID>(request)
        let status = try request.query("status", as: ScrapingPage.Status.self)
        guard try await jobs.find(id, as: caller) != nil else { throw APIError.notFound("scraping job") }
        let rows = try await pages.list(id, status: status, after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    @Sendable func listFetches(_ request: Request, _ context: APIContext) async throws -> Page<Fetch> {
        let caller = try context.require(.scrapingRead)
        let id = try context.parameters.id()
        let page = try PageRequest<UUID>(request)
        guard try await jobs.find(id, as: caller) != nil else { throw APIError.notFound("scraping job") }
        let rows = try await fetches.list(id, after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    @Sendable func replay(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.scrapingRun)
        switch try await jobs.replay(context.parameters.id(), as: caller) {
        case .created(let job):
            let location = "/v1/scraping-jobs/\(job.id.uuidString.lowercased())"
            return try .json(job, status: .created, request: request, headers: [.location: location])
        case .nothing: throw APIError.conflict("nothing-to-read", "The job has fetched nothing that could be read again.")
        case .notFound: throw APIError.notFound("scraping job")
        }
    }

    @Sendable func cancel(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.scrapingRun)
        let id = try context.parameters.id()
        switch try await jobs.cancel(id, version: request.ifMatch(), as: caller) {
        case .cancelled(let job): return try .json(job, request: request)
        case .hasEnded: throw APIError.conflict("job-ended", "The job has ended already.")
        case .stale: throw APIError.versionMismatch
        case .notFound: throw APIError.notFound("scraping job")
        }
    }
}
