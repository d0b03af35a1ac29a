import Foundation
import Postgres
import ServiceKit

/// What the scraper holds of people. The pages that their jobs have read are the web's; an export lists them by address.
struct ScraperPersonalData: PersonalData {
    let jobs: JobStore

    let tables = [
        PersonalTable("scraping_jobs", erasure: .deleted),
        PersonalTable("contact_discovery_jobs", alsoNaming: ["created_by"], omitting: ["output_files"], erasure: .deleted),
        PersonalTable("artifacts", omitting: ["storage_path", "content_text"], erasure: .deleted),
    ]

    /// A copy of this service.
    let notPeople: Set<String> = ["scraping_jobs.claimed_by", "contact_discovery_jobs.claimed_by"]

    func erase(_ user: UUID, version: Int64, in tx: Transaction) async throws {
        try await jobs.deleteAll(of: user, tx)
        try await DiscoveryJobStore(postgres: jobs.postgres).deleteAll(of: user, tx)
    }
}
