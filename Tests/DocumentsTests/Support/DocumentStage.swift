import Contracts
import Files
import Foundation
import NIOHTTP1
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Documents

/// The service with a folder of its own for the files.
struct DocumentStage: Sendable {
    let service: TestService
    let folder: String

    static func with(settings: [String: String] = [:], _ body: @Sendable @escaping (DocumentStage) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-documents-" + UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let settings = ["FILES_PATH": folder].merging(settings) { _, given in given }
        try await TestService.with(DocumentsService.self, settings: settings) { service in
            try await body(DocumentStage(service: service, folder: folder))
        }
    }

    /// Every stored file, by its path in the folder; what is being written is not among them.
    var files: [String] {
        let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return all.filter { $0.split(separator: "/").count == 3 && !$0.hasPrefix(".") }
    }

    var unfinished: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder + "/.incoming")) ?? [] }

    func send(_ bytes: [UInt8], _ query: String, type: String? = nil, as caller: Caller?) async throws -> TestResponse {
        let headers: HTTPHeaders = type.map { ["Content-Type": $0] } ?? [:]
        return try await service.request(.POST, "/v1/documents?" + query, body: bytes, as: caller, headers: headers)
    }

    func upload(_ text: String = "A text.", _ query: String = "filename=text.txt", as caller: Caller) async throws -> Document {
        try await send(Array(text.utf8), query, type: "text/plain", as: caller).json()
    }

    func send(_ form: TestForm, as caller: Caller?) async throws -> TestResponse {
        try await service.request(
            .POST, "/v1/documents", body: form.bytes, as: caller, headers: ["Content-Type": "multipart/form-data; boundary=\(TestForm.boundary)"])
    }

    func count(_ sql: SQL) async throws -> Int {
        try await service.platform.postgres.transaction(as: ServiceCaller()) { tx in try await tx.value(sql) ?? 0 }
    }

    /// The collector, as the service runs it.
    var collector: FileCollector {
        FileCollector(postgres: service.platform.postgres, files: FolderFileStore(root: folder), logger: service.platform.logger)
    }
}

/// A `multipart/form-data` body.
struct TestForm {
    static let boundary = "hearth-boundary"
    private(set) var bytes: [UInt8] = []

    static func with(file: [UInt8], named name: String, type: String? = nil, _ fields: [(String, String)] = []) -> TestForm {
        var form = TestForm()
        for (name, value) in fields { form.add("Content-Disposition: form-data; name=\"\(name)\"\r\n", Array(value.utf8)) }
        form.add(
            "Content-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n" + (type.map { "Content-Type: \($0)\r\n" } ?? ""), file)
        form.bytes += Array("--\(boundary)--\r\n".utf8)
        return form
    }

    private mutating func add(_ headers: String, _ body: [UInt8]) {
        bytes += Array("--\(Self.boundary)\r\n\(headers)\r\n".utf8) + body + Array("\r\n".utf8)
    }
}
