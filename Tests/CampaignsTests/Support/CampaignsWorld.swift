import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import Provisioning
import Redis
import ServiceKit
import TestKit

@testable import Campaigns

/// Campaigns on a database of its own, without a broker: messages go in by hand and are read from the outbox.
struct CampaignsWorld: Sendable {
    let postgres: Postgres
    let configuration: PostgresConfiguration
    let cache: Cache
    let encryption: Encryption
    let intake: MailIntake
    let queue: EmailQueueStore
    let templates: TemplateStore
    let suppressions: SuppressionStore
    let compiled = CompiledTemplates()

    static func with(_ body: @Sendable (CampaignsWorld) async throws -> Void) async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let provisioner = try DatabaseProvisioner(adminURL: TestServers.adminDatabaseURL, logger: logger)
        let name = "hearth_test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let outcome: Swift.Result<Void, any Error>
        do {
            try await provisioner.provision(database: name, services: [.campaigns])
            let migrations = Migrations(
                services: root.appendingPathComponent("Services").path, shared: root.appendingPathComponent("Shared").path, logger: logger)
            _ = try await migrations.migrate([.campaigns], databaseURL: provisioner.url(of: name))
            let configuration = PostgresConfiguration(url: provisioner.url(of: .campaigns, in: name), maximumConnections: 6, schema: "campaigns")
            outcome = .success(
                try await TestDatabase.running(configuration) { postgres in
                    try await TestRedis.with { redis, _ in try await body(CampaignsWorld(postgres, configuration, Cache(redis))) }
                })
        } catch {
            outcome = .failure(error)
        }
        try await Task { try await provisioner.dropDatabase(name) }.value
        try outcome.get()
    }

    private init(_ postgres: Postgres, _ configuration: PostgresConfiguration, _ cache: Cache) throws {
        self.postgres = postgres
        self.configuration = configuration
        self.cache = cache
        encryption = try Encryption(keys: "test:" + Data(repeating: 7, count: 32).base64EncodedString())
        queue = EmailQueueStore(postgres: postgres)
        templates = TemplateStore(postgres: postgres, cache: cache)
        suppressions = SuppressionStore(postgres: postgres)
        intake = MailIntake(
            queue: queue, templates: templates, compiled: compiled, encryption: encryption,
            from: try Mailbox(parsing: "Hearth <post@hearth.example>"),
            publicURL: "https://hearth.example", maximumRetries: 2)
    }

    /// As the consumer does with a message.
    func ask(_ command: SendEmail) async throws {
        try await postgres.transaction(as: ServiceCaller()) { tx in try await intake.accept(command, in: tx) }
    }

    func newListing(to address: String, user: UUID? = nil, id: UUID = .v7(), title: String = "Schöne Wohnung & mehr") -> SendEmail {
        SendEmail(
            emailID: id, userID: user, toEmail: address, toName: "Ada Müller", template: "new_listing", locale: "de-AT",
            data: ["title": .text(title), "listing_url": "https://home.example/1", "rent": "700 €", "search_name": "Köln"], type: "notification",
            reference: .v7())
    }

    func sender(_ url: String, workers: Int = 2, lease: Duration = .seconds(30)) throws -> MailSender {
        let smtp = SMTPClient(try SMTPConfiguration(url: url, connections: workers, connectTimeout: .seconds(2), timeout: .seconds(30)))
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        return MailSender(
            queue: queue,
            composer: MailComposer(templates: templates, compiled: compiled, encryption: encryption, publicURL: "https://hearth.example"),
            smtp: smtp, recorder: OutcomeRecorder(queue: queue, logger: logger),
            settings: MailSender.Settings(
                workers: workers, lease: lease, poll: .milliseconds(50),
                schedule: RetrySchedule(base: .milliseconds(20), maximumRetries: 2)),
            logger: logger)
    }

    /// Runs a sender until `done` holds, half a minute at most.
    func sending(_ sender: MailSender, until done: @Sendable @escaping () async throws -> Bool) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await sender.run() }
            defer { group.cancelAll() }
            for _ in 0..<1500 {
                if try await done() { return }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    func status(_ id: UUID) async throws -> String? {
        try await postgres.batch(as: ServiceCaller(), ["SELECT status FROM email_queue WHERE id = \(id)"])[0].first?["status"]
    }

    /// How many mails are in a state that is not final.
    func open() async throws -> Int {
        try await postgres.batch(as: ServiceCaller(), ["SELECT count(*) AS n FROM email_queue WHERE status IN ('queued', 'sending')"])[0][0]["n"]
    }

    /// The types of the messages that were published, oldest first.
    func published() async throws -> [String] {
        try await postgres.batch(as: ServiceCaller(), ["SELECT type FROM outbox ORDER BY id"])[0].map { try $0["type"] }
    }
}
