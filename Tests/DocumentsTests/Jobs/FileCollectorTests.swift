import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Documents

@Suite("Bytes")
struct FileCollectorTests {
    @Test("that no document names go after their day, and those that one still names stay")
    func collects() async throws {
        try await DocumentStage.with { stage in
            let (first, second) = (Caller.test(), Caller.test())
            let lonely = try await stage.upload("lonely", as: first)
            let shared = try await stage.upload("shared", as: first)
            let kept = try await stage.upload("shared", as: second)
            for document in [lonely, shared] { #expect(try await stage.service.delete("/v1/documents/\(document.id)", as: first).status == 204) }
            #expect(stage.files.count == 2)
            #expect(try await stage.collector.collect(atMost: 100) == 0)
            #expect(stage.files.count == 2)
            #expect(try await stage.collector.collect(atMost: 100, orphanedFor: .zero) == 1)
            #expect(stage.files.map { String($0.suffix(64)) } == [kept.fileHash])
            #expect(try await stage.service.get("/v1/documents/\(kept.id)/content", as: second).text == "shared")
        }
    }

    @Test("that are named again before that stay")
    func namedAgain() async throws {
        try await DocumentStage.with { stage in
            let caller = Caller.test()
            let document = try await stage.upload(as: caller)
            _ = try await stage.service.delete("/v1/documents/\(document.id)", as: caller)
            let again = try await stage.upload(as: caller)
            #expect(try await stage.collector.collect(atMost: 100, orphanedFor: .zero) == 0)
            #expect(try await stage.service.get("/v1/documents/\(again.id)/content", as: caller).status == 200)
        }
    }

    @Test("whose last two documents are deleted at once are noticed")
    func lastTwo() async throws {
        try await DocumentStage.with { stage in
            let (first, second) = (Caller.test(), Caller.test())
            let (one, other) = (try await stage.upload(as: first), try await stage.upload(as: second))
            let postgres = stage.service.platform.postgres
            // The other one is deleted while the deletion of the first is not committed yet: it waits for it, or sees it.
            try await postgres.transaction(as: first) { tx in
                _ = try await tx.execute("DELETE FROM documents WHERE id = \(one.id)")
                async let deleted = stage.service.delete("/v1/documents/\(other.id)", as: second).status
                try await eventually {
                    try await tx.value(
                        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())",
                        as: Int.self) ?? 0 > 0
                }
                try await tx.execute("COMMIT")
                #expect(try await deleted == 204)
            }
            #expect(try await stage.count("SELECT count(*) FROM stored_files WHERE orphaned_at IS NOT NULL") == 1)
        }
    }

    @Test("uploaded and deleted and collected at the same time are never missing from a document")
    func race() async throws {
        try await DocumentStage.with { stage in
            let caller = Caller.test()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        for _ in 0..<15 {
                            let answer = try await stage.send(Array("same".utf8), "filename=a.txt", as: caller)
                            // 503 asks for the bytes again, as the collector was faster.
                            guard answer.status == 201 else {
                                #expect(answer.status == 503)
                                continue
                            }
                            let document: Document = try answer.json()
                            #expect(try await stage.service.get("/v1/documents/\(document.id)/content", as: caller).text == "same")
                            #expect(try await stage.service.delete("/v1/documents/\(document.id)", as: caller).status == 204)
                        }
                    }
                }
                let collector = Task { while !Task.isCancelled { _ = try await stage.collector.collect(atMost: 10, orphanedFor: .zero) } }
                try await group.waitForAll()
                collector.cancel()
                _ = await collector.result
            }
            _ = try await stage.collector.collect(atMost: 10, orphanedFor: .zero)
            #expect(try await stage.count("SELECT count(*) FROM stored_files") == 0)
        }
    }

    @Test("of a deleted person go with their private documents; an agency's documents stay")
    func userDeleted() async throws {
        try await DocumentStage.with { stage in
            let agency = AgencyMembership(agencyID: .v7(), role: .agent)
            let caller = Caller.test(agencies: [agency])
            let mine = try await stage.upload("mine", as: caller)
            let ours = try await stage.upload("ours", "filename=a.txt&visibility=agency&agency_id=\(agency.agencyID)", as: caller)
            let path = "/v1/documents/\(mine.id)"
            #expect(try await stage.service.get(path, as: caller).status == 200)
            try await stage.service.listening(to: DocumentDeleted.self) { heard in
                try await stage.service.speaking(as: .auth) { try await $0.say(UserDeleted(userID: caller.userID, version: 2)) }
                try await eventually { try await stage.service.get(path, as: caller).status == 404 }
                try await eventually { heard.events.map(\.documentID) == [mine.id] }
            }
            let colleague = Caller.test(agencies: [agency])
            #expect(try await stage.service.get("/v1/documents/\(ours.id)", as: colleague).status == 200)
        }
    }
}
