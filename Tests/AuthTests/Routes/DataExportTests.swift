import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct DataExportTests {
    private func start(_ auth: AuthTest, _ signIn: SignIn) async throws -> TestResponse {
        try await auth.service.post("/v1/users/me/exports", [:] as [String: String], headers: auth.headers(signIn))
    }

    private func path(_ export: DataExport) -> String { "/v1/users/me/exports/\(export.id.uuidString.lowercased())" }

    @Test func `Every service's part and the person's files are in one archive, which is mailed when it is ready`() async throws {
        try await AuthTest.with { auth in
            let maria = try await auth.signedIn("maria@example.org")
            try await OtherServices.answering(on: auth.service.broker) {
                let started = try await start(auth, maria)
                #expect(started.status == 202, "\(started)")
                let export: DataExport = try started.json()
                #expect(try await auth.tap.first(DataExportRequested.self).exportID == export.id)
                #expect(export.status == .collecting && export.services.count == 7)
                try await eventually {
                    try await auth.service.get(path(export), headers: auth.headers(maria)).json(DataExport.self).status == .ready
                }
                let ready: DataExport = try await auth.service.get(path(export), headers: auth.headers(maria)).json()
                #expect(ready.services.allSatisfy { $0.status == "collected" && $0.rows > 0 })
                #expect(ready.services.first { $0.service == "documents" }?.files == 1)
                #expect(try await auth.tap.first(EventTap.Mail.self) { $0.template == "data_export_ready" }.toEmail == "maria@example.org")

                let archive = try await auth.service.get(path(export) + "/archive", headers: auth.headers(maria))
                #expect(archive.status == 200 && archive.headers.first(name: "Content-Type") == "application/zip")
                #expect(try await auth.tap.first(SecurityNoted.self) { $0.act == "export_downloaded" }.userID == maria.user.id)
                let files = try Unzipped(archive.body).files
                #expect(Int64(files.values.reduce(0) { $0 + $1.count }) == ready.size)
                let name = "documents/files/00000000abcd-Mietvertrag_2026.pdf"
                #expect(files.keys.sorted() == (ServiceName.allCases.map { "\($0.rawValue).json" } + [name]).sorted())
                #expect(files[name] == OtherServices.file)
                let document = try #require(files["auth.json"])
                let own = try #require(JSONSerialization.jsonObject(with: document) as? [String: [[String: Any]]])
                #expect(own["users"]?.first?["email"] as? String == "maria@example.org")
                #expect(own["users"]?.first?["password_hash"] == nil && own["user_sessions"]?.count == 1)
            }
        }
    }

    @Test func `A new export takes the place of the one before`() async throws {
        try await AuthTest.with { auth in
            let maria = try await auth.signedIn("maria@example.org")
            let first: DataExport = try await start(auth, maria).json()
            _ = try await auth.sql("UPDATE data_exports SET status = 'ready', completed_at = now()")
            let second: DataExport = try await start(auth, maria).json()
            let kept = try await auth.service.get("/v1/users/me/exports", headers: auth.headers(maria)).json(Page<DataExport>.self)
            #expect(kept.items.map(\.id) == [second.id] && first.id != second.id)
        }
    }

    @Test func `An archive is its owner's alone, one is collected at a time, and it goes after its time`() async throws {
        try await AuthTest.with { auth in
            let maria = try await auth.signedIn("maria@example.org")
            let admin = try await auth.administrator("admin@example.org")
            let export: DataExport = try await start(auth, maria).json()
            #expect(try await start(auth, maria).problem == "export-in-progress")
            #expect(try await auth.service.get(path(export) + "/archive", headers: auth.headers(maria)).problem == "export-in-progress")
            for suffix in ["", "/archive"] {
                #expect(try await auth.service.get(path(export) + suffix, headers: auth.headers(admin)).status == 404)
            }
            #expect(try await auth.service.delete(path(export), headers: auth.headers(admin)).status == 404)
            // Nobody else answers: auth's own part is there, the others are asked again later.
            try await eventually {
                let parts = try await auth.service.get(path(export), headers: auth.headers(maria)).json(DataExport.self).services
                return parts.filter { $0.status == "collected" }.map(\.service) == ["auth"]
            }
            _ = try await auth.sql("UPDATE data_exports SET expires_at = now() - interval '1 second'")
            #expect(try await auth.service.get(path(export), headers: auth.headers(maria)).status == 404)
            _ = try await AccountSweepStore(postgres: auth.service.platform.postgres).sweep()
            for table: SQL in ["data_exports", "data_export_parts", "data_export_entries", "data_export_chunks"] {
                #expect(try await auth.sql("SELECT 1 AS one FROM \(table)").isEmpty)
            }
            let again: DataExport = try await start(auth, maria).json()
            #expect(try await auth.service.delete(path(again), headers: auth.headers(maria)).status == 204)
            #expect(try await auth.service.get("/v1/users/me/exports", headers: auth.headers(maria)).json(Page<DataExport>.self).items.isEmpty)
        }
    }

    @Test func `An export can be deleted at any moment while it is collected`() async throws {
        try await AuthTest.with(settings: ["RATE_LIMIT_USER": "off", "RATE_LIMIT_ENDPOINTS": "off"]) { auth in
            let maria = try await auth.signedIn("maria@example.org")
            try await OtherServices.answering(on: auth.service.broker) {
                for round in 0..<30 {
                    let export: DataExport = try await start(auth, maria).json()
                    try await Task.sleep(for: .milliseconds(round * 3))
                    #expect(try await auth.service.delete(path(export), headers: auth.headers(maria)).status == 204)
                }
            }
            for table: SQL in ["data_exports", "data_export_parts", "data_export_entries", "data_export_chunks"] {
                try await eventually { try await auth.sql("SELECT 1 AS one FROM \(table)").isEmpty }
            }
        }
    }

    @Test func `A service that comes late completes the archive, and no page is in it twice`() async throws {
        try await AuthTest.with { auth in
            let maria = try await auth.signedIn("maria@example.org")
            let store = ExportCollectionStore(
                postgres: auth.service.platform.postgres,
                mail: AccountMail(encryption: auth.service.platform.encryption, publicURL: "http://hearth.test"))
            let export: DataExport = try await start(auth, maria).json()
            try await eventually {
                let parts = try await auth.sql(
                    "SELECT 1 AS one FROM data_export_parts WHERE status = 'pending' AND due_at > now() + interval '1 second'")
                return parts.count == 6
            }
            _ = try await auth.sql("UPDATE data_export_parts SET due_at = now() + interval '1 hour' WHERE service <> 'catalog'")
            _ = try await auth.sql(
                "UPDATE data_export_parts SET due_at = now() - interval '1 hour', claim_id = \(UUID.v7()) WHERE service = 'catalog'")
            // Two workers with one part: what the one that lost it brings is not kept.
            let rows = try await auth.sql(
                """
                SELECT p.export_id, \(maria.user.id) AS user_id, p.service, p.next_cursor, p.attempts, p.claim_id
                FROM data_export_parts p WHERE service = 'catalog'
                """)
            var old = try ExportPart(row: rows[0])
            old.claimID = .v7()
            #expect(try await store.keep(PersonalDataPage(json: "{", nextCursor: "2"), of: old) == false)
            #expect(try await auth.sql("SELECT 1 AS one FROM data_export_entries WHERE service = 'catalog'").isEmpty)
            try await OtherServices.answering(on: auth.service.broker) {
                _ = try await auth.sql("UPDATE data_export_parts SET due_at = now() WHERE status = 'pending'")
                try await eventually(within: .seconds(90)) {
                    try await auth.service.get(path(export), headers: auth.headers(maria)).json(DataExport.self).status == .ready
                }
            }
            let archive = try await auth.service.get(path(export) + "/archive", headers: auth.headers(maria))
            let parts = try Unzipped(archive.body).files
            let catalog = try #require(parts["catalog.json"])
            #expect(String(decoding: catalog, as: UTF8.self) == #"{"rows":[{"user_id":"\#(maria.user.id.uuidString.lowercased())"}]}"# + "\n")
        }
    }
}
