import Files
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

struct ContentRoutes {
    let documents: DocumentStore
    let files: any FileStore

    func add(to router: Router<APIContext>) {
        router.get("/v1/documents/{id}/content", use: download)
    }

    /// The original bytes, or the range asked for. The entity tag is the hash of the bytes, so a resumed download never mixes two files.
    @Sendable func download(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let stored = try await documents.stored(context.parameters.id(), as: context.permitted(.documentsRead)) else {
            throw APIError.notFound("document")
        }
        let (document, path) = (stored.document, stored.path)
        let entityTag = "\"\(document.fileHash)\""
        var headers: HTTPFields = [
            .contentType: document.mimeType, .eTag: entityTag, .acceptRanges: "bytes",
            .contentDisposition: Self.disposition(document.originalFilename), .cacheControl: "private, no-cache",
            .xContentTypeOptions: "nosniff",
        ]
        if request.isFresh(entityTag) { return Response(status: .notModified, headers: [.eTag: entityTag]) }
        let isSame = request.headers[.ifRange].map { $0 == entityTag } ?? true
        switch ByteRange(isSame ? request.headers[.range] : nil, size: document.fileSize) {
        case .whole:
            return Response(status: .ok, headers: headers, body: try await body(path, nil, length: document.fileSize))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(document.fileSize)"
            return Response(status: .partialContent, headers: headers, body: try await body(path, range, length: Int64(range.count)))
        case .unsatisfiable:
            throw APIError(
                .rangeNotSatisfiable, "range-not-satisfiable", "The file has no such range.",
                headers: [.contentRange: "bytes */\(document.fileSize)"])
        }
    }

    private func body(_ path: String, _ range: Range<Int64>?, length: Int64) async throws -> ResponseBody {
        let content = try await files.get(path, range: range)
        return ResponseBody(contentLength: Int(length)) { writer in
            for try await chunk in content { try await writer.write(chunk) }
            try await writer.finish(nil)
        }
    }

    /// Always an attachment: what strangers uploaded is not shown under our own name. The plain form is for old clients, the other one
    /// (RFC 8187) carries every letter.
    private static func disposition(_ filename: String) -> String {
        let plain = String(filename.unicodeScalars.map { $0.isASCII && $0 != "\"" && $0 != "\\" && $0.value >= 32 ? Character($0) : "_" })
        let allowed = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`|~")
        let encoded = filename.addingPercentEncoding(withAllowedCharacters: allowed) ?? plain
        return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
    }
}
