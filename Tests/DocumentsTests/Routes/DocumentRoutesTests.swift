import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Documents

@Suite("Documents")
struct DocumentRoutesTests {
    @Test("are read, changed and deleted by their owner, guarded by their version")
    func lifecycle() async throws {
        try await DocumentStage.with { stage in
            let caller = Caller.test()
            let document = try await stage.upload(as: caller)
            let path = "/v1/documents/\(document.id)"
            #expect(try await stage.service.get(path, as: caller, headers: ["If-None-Match": "\"1\""]).status == 304)
            let changed = try await stage.service.patch(
                path, ["title": "Plan", "description": "Grundriss\nEG"] as [String: String?], as: caller, headers: ["If-Match": "\"1\""])
            #expect(changed.status == 200 && changed.headers.first(name: "ETag") == "\"2\"")
            // Whoever changed it reads the change, cache or not.
            let read: Document = try await stage.service.get(path, as: caller).json()
            #expect(read.title == "Plan" && read.version == 2)
            #expect(try await stage.service.patch(path, ["title": "Late"], as: caller, headers: ["If-Match": "\"1\""]).status == 412)
            let cleared: Document = try await stage.service.patch(path, ["title": nil] as [String: String?], as: caller).json()
            #expect(cleared.title == nil && cleared.description == "Grundriss\nEG")
            let same: Document = try await stage.service.patch(path, [String: String](), as: caller).json()
            #expect(same.version == cleared.version)
            for (body, pointer) in [
                (["title": "a\u{7}b"], "/title"), (["visibility": "agency"], "/visibility"), (["document_type": "castle"], "/document_type"),
            ] {
                let answer = try await stage.service.patch(path, body, as: caller)
                #expect(answer.status == 422 && answer.text.replacing("\\/", with: "/").contains(pointer), "\(answer)")
            }
            #expect(try await stage.service.delete(path, as: caller, headers: ["If-Match": "\"1\""]).status == 412)
            #expect(try await stage.service.delete(path, as: caller).status == 204)
            #expect(try await stage.service.get(path, as: caller).status == 404)
            #expect(try await stage.service.delete(path, as: caller).status == 404)
        }
    }

    @Test("are listed to their owner page by page, and found by words of their title, text and name")
    func lists() async throws {
        try await DocumentStage.with { stage in
            let caller = Caller.test()
            for number in 1...5 {
                _ = try await stage.upload("\(number)", "filename=rental-contract_\(number).txt&document_type=contract", as: caller)
            }
            _ = try await stage.upload("plan", "filename=plan.txt&title=Die%20Wohnungen%20im%20Erdgeschoss", as: caller)
            _ = try await stage.upload("other", "filename=contract.txt", as: .test())
            func list(_ query: String) async throws -> Page<Document> { try await stage.service.get("/v1/documents?" + query, as: caller).json() }
            var seen: [String] = []
            var cursor = ""
            repeat {
                let page = try await list("limit=2" + cursor)
                seen += page.items.map(\.originalFilename)
                cursor = page.nextCursor.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(seen == ["plan.txt"] + (1...5).reversed().map { "rental-contract_\($0).txt" })
            #expect(try await list("q=contract").items.count == 5)
            #expect(try await list("q=wohnung").items.map(\.originalFilename) == ["plan.txt"])
            #expect(try await list("q=contract&document_type=deed").items.isEmpty)
            for query in ["q=a%00b", "document_type=castle", "limit=0", "cursor=%21", "agency_id=x"] {
                #expect(try await stage.service.get("/v1/documents?" + query, as: caller).status == 422, "\(query)")
            }
        }
    }

    @Test("are open to whom their visibility says, on every route, whether cached or not")
    func access() async throws {
        try await DocumentStage.with { stage in
            let agency = AgencyMembership(agencyID: .v7(), role: .agent)
            let owner = Caller.test(agencies: [agency])
            let callers: [(String, Caller?)] = [
                ("anonymous", nil), ("stranger", .test()), ("moderator", .test(role: .moderator)),
                ("other agency", .test(agencies: [AgencyMembership(agencyID: .v7(), role: .owner)])),
                ("member", .test(agencies: [AgencyMembership(agencyID: agency.agencyID, role: .viewer)])),
                ("owner", owner), ("administrator", .test(role: .administrator)),
            ]
            let readers: [DocumentVisibility: Set<String>] = [
                .private: ["owner", "administrator"], .team: ["member", "owner", "administrator"], .agency: ["member", "owner", "administrator"],
                .public: Set(callers.map(\.0)),
            ]
            for visibility in DocumentVisibility.allCases {
                let query = "filename=a.txt&agency_id=\(agency.agencyID)&visibility=\(visibility.rawValue)"
                let document = try await stage.upload(visibility.rawValue, query, as: owner)
                let path = "/v1/documents/\(document.id)"
                for (name, caller) in callers {
                    let mayRead = readers[visibility, default: []].contains(name)
                    #expect(try await stage.service.get(path, as: caller).status == (mayRead ? 200 : 404), "\(name) reads \(visibility)")
                    #expect(
                        try await stage.service.get(path + "/content", as: caller).status == (mayRead ? 200 : 404), "\(name) downloads \(visibility)")
                    let isListed = ["owner", "member"].contains(name) && readers[visibility, default: []].contains(name)
                    let list = try await stage.service.get("/v1/documents?agency_id=\(agency.agencyID)", as: caller)
                    #expect(list.status == (caller == nil ? 401 : ["owner", "member"].contains(name) ? 200 : 403))
                    if list.status == 200 { #expect(try list.json(Page<Document>.self).items.contains { $0.id == document.id } == isListed) }
                    if let caller {
                        #expect(try await Self.sees(document.id, caller, stage) == mayRead, "\(name) sees \(visibility) in the database")
                    }
                    guard !["owner", "administrator"].contains(name) else { continue }
                    let refusal = caller == nil ? 401 : 404
                    #expect(try await stage.service.patch(path, ["title": "Theirs"], as: caller).status == refusal)
                    #expect(try await stage.service.delete(path, as: caller).status == refusal)
                }
                #expect(try await stage.service.patch(path, ["title": "Ours"], as: callers[6].1).status == 200)
                #expect(try await stage.service.delete(path, as: owner).status == 204)
            }
        }
    }

    private static func sees(_ id: UUID, _ caller: Caller, _ stage: DocumentStage) async throws -> Bool {
        try await stage.service.platform.postgres.transaction(as: caller) { tx in
            try await tx.value("SELECT count(*) FROM documents WHERE id = \(id)", as: Int.self) == 1
        }
    }

    @Test("are walled off in the database: nobody changes, deletes or plants another's, or looks at the stored files")
    func rowLevelSecurity() async throws {
        try await DocumentStage.with { stage in
            let agencyID = UUID.v7()
            let owner = Caller.test(agencies: [AgencyMembership(agencyID: agencyID, role: .agent)])
            let document = try await stage.upload("x", "filename=a.txt&visibility=public&agency_id=\(agencyID)", as: owner)
            let postgres = stage.service.platform.postgres
            for caller in [Caller.test(), Caller.test(agencies: [AgencyMembership(agencyID: agencyID, role: .owner)])] {
                #expect(
                    try await postgres.transaction(as: caller) { try await $0.execute("UPDATE documents SET title = 'x' WHERE id = \(document.id)") }
                        == 0)
                #expect(try await postgres.transaction(as: caller) { try await $0.execute("DELETE FROM documents WHERE id = \(document.id)") } == 0)
                #expect(try await postgres.transaction(as: caller) { try await $0.value("SELECT count(*) FROM stored_files", as: Int.self) } == 0)
                await #expect(throws: PostgresError.self) {
                    try await postgres.transaction(as: caller) { tx in
                        try await tx.execute(
                            """
                            INSERT INTO documents (uploaded_by, filename, original_filename, file_extension, mime_type, file_size, file_hash, storage_path)
                            SELECT \(owner.userID), 'a', 'a', '', 'a/b', 1, \(document.fileHash), 'x'
                            """)
                    }
                }
            }
            // Someone who has left the agency keeps what they uploaded, and may not speak for the agency any more.
            let gone = Caller(userID: owner.userID, sessionID: .v7())
            #expect(try await stage.service.get("/v1/documents/\(document.id)", as: gone).status == 200)
            #expect(try await stage.service.patch("/v1/documents/\(document.id)", ["title": "x"], as: gone).status == 403)
        }
    }

    @Test("every route is documented, and every documented one is there")
    func documented() async throws {
        try await expectDocumented(DocumentsService.self)
    }
}
