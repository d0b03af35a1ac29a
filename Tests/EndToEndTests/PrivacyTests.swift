import ClientKit
import Contracts
import Foundation
import Postgres
import Testing

@testable import Demo

extension EndToEnd {
    /// What Hearth holds of a person, over all seven services as they run.
    @Suite struct PrivacyTests {
        @Test func `a person gets all that is held of them, then leaves, and no table of any service knows them any more`() async throws {
            try await RunningSystem.complete()
            let flow = try RunningSystem.flow()
            // Names that stand nowhere else, so that they are found wherever they are.
            let marker = "Quittenbaum\(flow.run)"
            let registration = Registration(
                email: "\(marker.lowercased())@hearth.example", firstName: marker, gateway: flow.gateway, mail: flow.mail)
            try await registration.register(as: "seeker", firstName: marker)
            let person = try await registration.confirm(registration.confirmationToken())
            _ = try await person.client.post(
                "/v1/search-criteria", ["name": .text("Suche von \(marker)"), "preferred_cities": ["Berlin"]], expecting: 201)
            let file = Array("%PDF-1.4 \(marker) \(String(repeating: "x", count: 600_000))".utf8)
            let upload = try await person.client.send(
                "POST", "/v1/documents?filename=\(marker).pdf&title=\(marker)", body: file, headers: ["Content-Type": "application/pdf"])
            #expect(upload.status == 201, "\(upload.reason)")

            let export = try await person.client.post("/v1/users/me/exports", [:], expecting: 202)
            let path = "/v1/users/me/exports/\(try #require(export["id"].string))"
            try await Waiting.expect("the export being ready", within: .seconds(120)) {
                try await person.client.get(path)["status"].string == "ready"
            }
            try await Waiting.expect("the mail that says so", within: .seconds(60)) {
                try await flow.mail.mails(to: person.email).contains { ($0.text ?? "").contains(path) }
            }
            let archive = try await person.client.send("GET", path + "/archive", timeout: .seconds(120))
            #expect(archive.status == 200, "\(archive.reason)")
            let files = try unzipped(archive.body)
            #expect(files.keys.filter { $0.hasSuffix(".json") }.sorted() == ServiceName.allCases.map { "\($0.rawValue).json" }.sorted())
            for service in ["auth", "catalog", "documents", "campaigns", "alerts"] {
                let text = String(decoding: try #require(files["\(service).json"]), as: UTF8.self)
                #expect(text.contains(marker) || text.contains(marker.lowercased()), "\(service) tells of the person")
            }
            #expect(files.values.contains { $0 == Data(file) })

            let gone = try await person.client.send("DELETE", "/v1/users/me", json: ["password": .text(registration.password)])
            #expect(gone.status == 202, "\(gone.reason)")
            let follow = "/v1/auth/erasures?token=\(try #require(gone.json["token"].string))"
            try await Waiting.expect("every service's receipt", within: .seconds(120)) {
                try await flow.gateway.get(follow)["status"].string == "complete"
            }
            let services = try await flow.gateway.get(follow)["services"].items
            #expect(services.count == 7 && services.allSatisfy { $0["tables"].items.count > 0 })
            try await Waiting.expect("no row that tells of them", within: .seconds(60)) { try await traces(of: marker).isEmpty }
        }

        @Test func `a service that is down forgets as soon as it is back`() async throws {
            try await RunningSystem.complete()
            let flow = try RunningSystem.flow()
            let registration = Registration(
                email: "apfel\(flow.run)@hearth.example", firstName: "Apfel", gateway: flow.gateway, mail: flow.mail)
            try await registration.register(as: "seeker", firstName: "Apfel")
            let person = try await registration.confirm(registration.confirmationToken())
            try await RunningSystem.script("services.sh", "stop", "scraper")
            do {
                let gone = try await person.client.send("DELETE", "/v1/users/me", json: ["password": .text(registration.password)])
                let follow = "/v1/auth/erasures?token=\(try #require(gone.json["token"].string))"
                try await Waiting.expect("six receipts", within: .seconds(120)) {
                    try await flow.gateway.get(follow)["services"].items.filter { $0["completed_at"].string != nil }.count == 6
                }
                #expect(try await flow.gateway.get(follow)["status"].string == "in_progress")
                try await RunningSystem.script("services.sh", "start", "scraper")
                try await Waiting.expect("the seventh", within: .seconds(120)) {
                    try await flow.gateway.get(follow)["status"].string == "complete"
                }
            } catch {
                try await RunningSystem.script("services.sh", "start", "scraper")
                throw error
            }
        }

        /// Every table of every service in which the text stands, as text, in bytes or as base64; what waits to be sent included.
        private func traces(of marker: String) async throws -> [String] {
            try await RunningSystem.database { session in
                let tables = try await session.rows(
                    """
                    SELECT table_schema, table_name FROM information_schema.tables
                    WHERE table_type = 'BASE TABLE' AND table_schema = ANY (\(ServiceName.allCases.map(\.rawValue))::text[])
                    """)
                var found: [String] = []
                for table in tables {
                    let (schema, name): (String, String) = (try table["table_schema"], try table["table_name"])
                    let count: Int? = try await session.value(
                        """
                        SELECT count(*) FROM \(identifier: schema).\(identifier: name) AS t WHERE t::text ILIKE \("%" + marker + "%")
                        """)
                    if count ?? 0 > 0 { found.append("\(schema).\(name)") }
                }
                return found
            }
        }

        private func unzipped(_ bytes: [UInt8]) throws -> [String: Data] {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-export-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            try Data(bytes).write(to: folder.appendingPathComponent("archive.zip"))
            let python = Process()
            python.currentDirectoryURL = folder
            python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
            python.arguments = ["-c", "import zipfile; z = zipfile.ZipFile('archive.zip'); assert z.testzip() is None; z.extractall('out')"]
            try python.run()
            python.waitUntilExit()
            try #require(python.terminationStatus == 0)
            var files: [String: Data] = [:]
            let out = folder.appendingPathComponent("out")
            for case let path as String in FileManager.default.enumerator(atPath: out.path) ?? .init() {
                let url = out.appendingPathComponent(path)
                if try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true { files[path] = try Data(contentsOf: url) }
            }
            return files
        }
    }
}
