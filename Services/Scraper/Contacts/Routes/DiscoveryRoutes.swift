import Files
import Foundation
import HTTPTypes
import Hummingbird
import Outbound
import ServiceKit

/// Jobs that look for contacts: start, watch, cancel, and what they found.
struct DiscoveryRoutes: Sendable {
    let jobs: DiscoveryJobStore
    let results: DiscoveryResultStore
    let scraping: JobStore
    let files: any FileStore
    /// As for scraping jobs.
    let allowed: Set<HostPort>

    func add(to router: Router<APIContext>) {
        router.group("/v1/contact-discovery-jobs")
            .post(use: start)
            .get(use: list)
            .get(":id", use: get)
            .get(":id/results", use: listResults)
            .get(":id/report", use: report)
            .post(":id/cancel", use: cancel)
        router.group("/v1/contact-discovery-results")
            .get(":id", use: getResult)
            .post(":id/reveal", use: reveal)
            .post(":id/accept", use: accept)
            .post(":id/reject", use: reject)
    }

    @Sendable func start(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.scrapingRun)
        let body = try await request.decode(as: NewDiscoveryBody.self, context: context)
        let agencies = caller.agencies(where: .scrapingRun)
        if let agencyID = body.agencyID, !agencies.contains(agencyID) { throw APIError.forbidden }
        var parameters = body.parameters ?? DiscoveryParameters()
        // What is everybody's is for those who look after it.
        if parameters.shared == true { try context.require(.contactsManage) }
        if let unseen = try await jobs.unseen(parameters, as: caller) {
            throw APIError.invalid([FieldError("/parameters/\(unseen)", "unknown", "is nothing that you can see")])
        }
        if let scrape = body.scrape { parameters.scrapingJobID = try await scraping.create(scrape.job(for: caller, allowed: allowed), as: caller).id }
        let agency = body.agencyID ?? (agencies.count == 1 ? agencies[0] : nil)
        let new = DiscoveryJobStore.NewJob(
            type: body.jobType, agencyID: agency, searchCriteriaID: body.searchCriteriaID, parameters: parameters, settings: body.providerConfig,
            maxRetries: body.maxRetries ?? 3)
        guard let job = try await jobs.create(new, as: caller) else { throw APIError.notFound("contact discovery job") }
        let location = "/v1/contact-discovery-jobs/\(job.id.uuidString.lowercased())"
        return try .json(job, status: .created, request: request, headers: [.location: location])
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.scrapingRead)
        let filter = try DiscoveryJobStore.Filter(
            status: request.query("status"), type: request.query("job_type"), searchCriteriaID: request.query("search_criteria_id"))
        return try .json(try await jobs.list(filter, page: PageRequest(request), as: caller), request: request)
    }

    @Sendable func get(_ request: Request, _ context: APIContext) async throws -> Response {
        try .json(try await job(context), request: request)
    }

    @Sendable func listResults(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.scrapingRead)
        let job = try await job(context)
        let status = try request.query("validation_status", as: ValidationStatus.self)
        return try .json(try await results.list(job.id, status: status, page: PageRequest(request), as: caller), request: request)
    }

    @Sendable func report(_ request: Request, _ context: APIContext) async throws -> Response {
        let job = try await job(context)
        guard let path = job.outputFiles.first else { throw APIError.notFound("report") }
        let content: FileContent
        do { content = try await files.get(path, range: nil) } catch FileStoreError.notFound { throw APIError.notFound("report") }
        let headers: HTTPFields = [
            .contentType: DiscoveryRun.reportType, .contentDisposition: "attachment; filename=\"report.ndjson\"", .xContentTypeOptions: "nosniff",
        ]
        let body = ResponseBody(contentLength: Int(content.size)) { writer in
            for try await chunk in content { try await writer.write(chunk) }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    @Sendable func cancel(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.scrapingRun)
        switch try await jobs.cancel(context.parameters.id(), version: request.ifMatch(), as: caller) {
        case .cancelled(let job): return try .json(job, request: request)
        case .hasEnded: throw APIError.conflict("job-ended", "The job has ended already.")
        case .stale: throw APIError.versionMismatch
        case .notFound: throw APIError.notFound("contact discovery job")
        }
    }

    @Sendable func getResult(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.scrapingRead)
        guard let result = try await results.find(context.parameters.id(), as: caller) else { throw APIError.notFound("result") }
        return try .json(result, request: request)
    }

    @Sendable func reveal(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.contactsReveal)
        guard let values = try await results.reveal(context.parameters.id(), as: caller) else { throw APIError.notFound("result") }
        return try .json(values, request: request, headers: [.cacheControl: "no-store"])
    }

    @Sendable func accept(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.scrapingRun)
        return try answer(try await results.accept(context.parameters.id(), as: caller), request)
    }

    struct RejectionBody: Decodable, Validated {
        var reason: String

        func validate(_ check: inout Validation) { check.text(reason, "/reason", maximum: 500) }
    }

    @Sendable func reject(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.scrapingRun)
        let id = try context.parameters.id()
        let body = try await request.decode(as: RejectionBody.self, context: context)
        return try answer(try await results.reject(id, reason: body.reason, as: caller), request)
    }

    private func answer(_ decision: DiscoveryResultStore.Decision, _ request: Request) throws -> Response {
        switch decision {
        case .decided(let result): return try .json(result, request: request)
        case .notFound: throw APIError.notFound("result")
        case .notValidated: throw APIError.conflict("not-validated", "Its job has not validated it yet.")
        case .isTaken: throw APIError.conflict("already-accepted", "It is accepted already; the contact that came of it can be changed or deleted.")
        case .nothingUsable: throw APIError.conflict("nothing-usable", "Nobody can be reached by what it says.")
        }
    }

    private func job(_ context: APIContext) async throws -> DiscoveryJob {
        let caller = try context.require(.scrapingRead)
        guard let job = try await jobs.find(context.parameters.id(), as: caller) else { throw APIError.notFound("contact discovery job") }
        return job
    }
}
