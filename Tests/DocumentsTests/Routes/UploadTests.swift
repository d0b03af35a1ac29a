import Contracts
import Crypto
import Foundation
import NIOHTTP1
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Documents

@Suite("An upload")
struct UploadTests {
    @Test("comes as a form or as the body itself, is stored once by its content, and is told once")
    func storedOnce() async throws {
        try await DocumentStage.with { stage in
            let (first, second) = (Caller.test(), Caller.test())
            let bytes = Array("%PDF-1.7 Mietvertrag".utf8)
            try await stage.service.listening(to: DocumentUploaded.self) { heard in
                let form = TestForm.with(
                    file: bytes, named: "Mietvertrag Müller.pdf", type: "application/pdf",
                    [("title", "Vertrag"), ("document_type", "contract"), ("category", ""), ("tags", "miete, berlin"), ("button", "Senden")])
                let created = try await stage.send(form, as: first)
                #expect(created.status == 201, "\(created)")
                let document: Document = try created.json()
                #expect(created.headers.first(name: "Location") == "/v1/documents/\(document.id.uuidString.lowercased())")
                #expect(created.headers.first(name: "ETag") == "\"1\"")
                #expect(document.originalFilename == "Mietvertrag Müller.pdf" && document.fileExtension == "pdf")
                #expect(document.mimeType == "application/pdf" && document.documentType == .contract && document.category == nil)
                #expect(document.tags == ["miete", "berlin"] && document.visibility == .private && document.uploadedBy == first.userID)
                #expect(document.fileSize == Int64(bytes.count))
                #expect(document.fileHash == SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined())

                let again: Document = try await stage.send(bytes, "filename=copy.pdf", as: second).json()
                #expect(again.fileHash == document.fileHash && again.id != document.id && again.uploadedBy == second.userID)
                #expect(again.mimeType == "application/pdf")
                #expect(stage.files.count == 1)
                #expect(stage.unfinished.isEmpty)
                #expect(try await stage.count("SELECT count(*) FROM stored_files") == 1)

                try await eventually { heard.events.count == 2 }
                #expect(Set(heard.events.map(\.documentID)) == [document.id, again.id])
                #expect(heard.events.first { $0.documentID == document.id }?.fileHash == document.fileHash)
                try await eventually { try await stage.count("SELECT count(*) FROM outbox") == 0 }
            }
        }
    }

    @Test("that is not valid is refused by field, and leaves no document and no bytes that nobody knows")
    func refused() async throws {
        try await DocumentStage.with { stage in
            let caller = Caller.test()
            let text = Array("text".utf8)
            let cases: [(TestResponse, String)] = [
                (try await stage.send(text, "filename=a.pdf", type: "application/pdf", as: caller), "/file"),
                (try await stage.send([], "filename=a.txt", as: caller), "/file"),
                (try await stage.send(text, "", as: caller), "/filename"),
                (try await stage.send(text, "filename=..", as: caller), "/filename"),
                (try await stage.send(text, "filename=a.txt&title=a%00b", as: caller), "query/title"),
                (try await stage.send(text, "filename=a.txt&tags=a%07b", as: caller), "/tags/0"),
                (try await stage.send(text, "filename=a.txt&document_type=castle", as: caller), "/document_type"),
                (try await stage.send(text, "filename=a.txt&visibility=team", as: caller), "/agency_id"),
                (try await stage.send(text, "filename=a.txt&agency_id=x", as: caller), "/agency_id"),
                (try await stage.send(.with(file: [], named: ""), as: caller), "/file"),
            ]
            for (answer, pointer) in cases {
                #expect(answer.status == 422 && answer.problem == "invalid", "\(answer)")
                #expect(answer.text.replacing("\\/", with: "/").contains("\"\(pointer)\""), "\(answer) names \(pointer)")
            }
            #expect(try await stage.send(text, "filename=a.txt&agency_id=\(UUID())", as: caller).status == 403)
            #expect(try await stage.send(text, "filename=a.txt", as: nil).status == 401)
            #expect(try await stage.send(text, "filename=a.txt", type: "multipart/mixed; boundary=b", as: caller).status == 415)
            let cut: HTTPHeaders = ["Content-Type": "multipart/form-data; boundary=other"]
            #expect(try await stage.service.request(.POST, "/v1/documents", body: text, as: caller, headers: cut).status == 400)

            #expect(try await stage.count("SELECT count(*) FROM documents") == 0)
            #expect(stage.unfinished.isEmpty)
            // What was refused after its bytes had come is the collector's.
            #expect(try await stage.collector.collect(atMost: 100, orphanedFor: .zero) > 0)
            #expect(stage.files.isEmpty)
        }
    }

    @Test("as the body itself is refused before its bytes are stored, when what the query says of it is not valid or there are none")
    func refusedBeforeItComes() async throws {
        try await DocumentStage.with { stage in
            let caller = Caller.test()
            let text = Array("text".utf8)
            for query in ["filename=", "filename=a.txt&title=%07", "filename=a.txt&document_type=castle", "filename=a.txt&agency_id=\(UUID())"] {
                let answer = try await stage.send(text, query, as: caller)
                #expect(answer.status == 422 || answer.status == 403, "\(query)")
            }
            #expect(try await stage.send([], "filename=a.txt", as: caller).status == 422)
            #expect(try await stage.count("SELECT count(*) FROM stored_files") == 0)
            #expect(stage.files.isEmpty && stage.unfinished.isEmpty)
        }
    }

    @Test("that is too large is refused while it comes, and nothing of it stays")
    func tooLarge() async throws {
        try await DocumentStage.with(settings: ["DOCUMENTS_MAXIMUM_SIZE": "1000"]) { stage in
            let caller = Caller.test()
            let large = [UInt8](repeating: 65, count: 1001)
            let answer = try await stage.send(large, "filename=a.txt", as: caller)
            #expect(answer.status == 413 && answer.problem == "too-large")
            #expect(try await stage.send(.with(file: large, named: "a.txt"), as: caller).status == 413)
            let notes = TestForm.with(file: [65], named: "a.txt", [("note", String(repeating: "x", count: 70_000))])
            #expect(try await stage.send(notes, as: caller).status == 413)
            #expect(stage.files.isEmpty && stage.unfinished.isEmpty)
            #expect(try await stage.count("SELECT count(*) FROM documents") == 0)
            #expect(try await stage.count("SELECT count(*) FROM stored_files") == 0)
            #expect(try await stage.send(Array(large.dropLast()), "filename=a.txt", as: caller).status == 201)
        }
    }

    @Test("of the same bytes by many at once is stored once and belongs to each")
    func concurrent() async throws {
        try await DocumentStage.with { stage in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<12 {
                    group.addTask { try await stage.send(Array("same".utf8), "filename=\(number).txt", as: .test()).status }
                }
                for try await status in group { #expect(status == 201) }
            }
            #expect(stage.files.count == 1)
            #expect(try await stage.count("SELECT count(*) FROM documents") == 12)
        }
    }
}
