import ClientKit
import Foundation

extension DemoFlow {
    /// A page that a job could not read, and why.
    struct FailedPage: Sendable, Equatable {
        var url: String
        var reason: String
    }

    struct EndedJob: Sendable {
        var status: String
        var total: Int
        var read: Int
        var failures: [FailedPage]
    }

    func startJob(_ provider: String, at resultURL: String, by agent: Person, step: Story.Step) async throws -> String {
        let job = try await agent.client.post("/v1/scraping-jobs", ["provider": .text(provider), "result_url": .text(resultURL)], expecting: 201)
        guard let id = job["id"].string else { throw StepFailure("The scraping job has no id.") }
        step.say("\(provider) starts on \(resultURL)")
        return id
    }

    /// Starts the jobs and waits for the end of each.
    func scrape(_ pages: [(provider: String, url: String)], by agent: Person, within limit: Duration) async throws -> [EndedJob] {
        try await story.step("The agent starts scraping jobs on \(pages.count) result pages") { step in
            var ids: [String] = []
            for page in pages { ids.append(try await startJob(page.provider, at: page.url, by: agent, step: step)) }
            var ended: [EndedJob] = []
            for (id, page) in zip(ids, pages) {
                let job = try await ending(of: id, by: agent, within: limit)
                step.say("\(page.provider) has \(job.status): \(job.read) of \(job.total) listings read")
                for failure in job.failures {
                    step.say("  not read: \(failure.url.split(separator: "/", maxSplits: 2).last ?? "") (\(failure.reason))")
                }
                ended.append(job)
            }
            return ended
        }
    }

    private func ending(of id: String, by agent: Person, within limit: Duration) async throws -> EndedJob {
        let job = try await Waiting.until("the end of the scraping job \(id)", within: limit, every: .milliseconds(250)) { () -> JSON? in
            let job = try await agent.client.get("/v1/scraping-jobs/\(id)")
            return ["completed", "failed", "cancelled"].contains(job["status"].string ?? "") ? job : nil
        }
        guard job["status"].string == "completed" else {
            throw StepFailure("The scraping job has \(job["status"].string ?? "no status"): \(job["error_message"].string ?? "no reason given").")
        }
        let failed = try await agent.client.get("/v1/scraping-jobs/\(id)/pages?status=failed&limit=100")
        return EndedJob(
            status: job["status"].string ?? "", total: job["total_items"].int ?? -1, read: job["processed_items"].int ?? -1,
            failures: failed["items"].items.map {
                FailedPage(url: $0["url"].string ?? "", reason: $0["reason"].string ?? "no reason")
            })
    }
}
