import ClientKit
import Foundation

extension DemoFlow {
    /// Uploads a PDF twice, and reads a range of it.
    func uploadDocument(of seeker: Person) async throws {
        try await story.step("The seeker uploads a PDF for the application, twice") { step in
            let pdf = SamplePDF.bytes("Self-disclosure of \(seeker.email)")
            let first = try await upload(pdf, named: "Selbstauskunft.pdf", of: seeker)
            let second = try await upload(pdf, named: "Selbstauskunft-Kopie.pdf", of: seeker)
            guard let hash = first["file_hash"].string, hash == second["file_hash"].string, let id = first["id"].string else {
                throw StepFailure("The same bytes have two hashes: \(first["file_hash"]) and \(second["file_hash"]).")
            }
            step.say("\(pdf.count) bytes, stored once as \(hash.prefix(16))…, known as two documents")
            let range = try await seeker.client.send("GET", "/v1/documents/\(id)/content", headers: ["Range": "bytes=0-7"])
            guard range.status == 206, range.body == Array(pdf.prefix(8)) else {
                throw StepFailure("Bytes 0 to 7 of the document were answered with \(range.status) and \(range.body.count) bytes: \(range.reason)")
            }
            step.say("bytes 0 to 7: \"\(range.text)\" (\(range.headers["content-range"] ?? "no Content-Range"))")
        }
    }

    private func upload(_ bytes: [UInt8], named name: String, of seeker: Person) async throws -> JSON {
        let path = "/v1/documents?filename=\(name)&title=Selbstauskunft&document_type=disclosure"
        return try await seeker.client.send("POST", path, body: bytes, headers: ["Content-Type": "application/pdf"])
            .expecting(201, "POST /v1/documents")
    }
}
