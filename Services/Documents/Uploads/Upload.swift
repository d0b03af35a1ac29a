import Hummingbird
import NIOCore
import ServiceKit
import Synchronization

/// The bytes of an uploaded file as a sequence for the store, whether they are the whole body or one part of a form. What comes beside
/// them is collected on the way.
struct Upload: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    /// What was collected; complete once the sequence has ended.
    final class Collected: Sendable {
        private let state: Mutex<(form: UploadForm, head: [UInt8])>
        init(_ form: UploadForm) { state = Mutex((form, [])) }
        var form: UploadForm { state.withLock { $0.form } }
        /// The first bytes of the file, which tell its kind.
        var head: [UInt8] { state.withLock { $0.head } }
        func change(_ body: (inout UploadForm) -> Void) { state.withLock { body(&$0.form) } }
        func saw(_ bytes: ByteBuffer) {
            state.withLock { state in
                if state.head.count < 16 { state.head += bytes.readableBytesView.prefix(16 - state.head.count) }
            }
        }
    }

    let body: RequestBody
    /// Nil when the body is the file itself.
    let boundary: String?
    let collected: Collected

    init(_ request: Request, form: UploadForm) throws {
        body = request.body
        let contentType = request.headers[.contentType] ?? ""
        boundary = MultipartParser.boundary(of: contentType)
        guard boundary != nil || !contentType.lowercased().hasPrefix("multipart/") else {
            throw APIError(.unsupportedMediaType, "unsupported-media-type", "Send the file as the body, or as multipart/form-data.")
        }
        var form = form
        if boundary == nil { form.mimeType = contentType }
        collected = Collected(form)
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(
            body: body.makeAsyncIterator(), parser: boundary.map(MultipartParser.init), collected: collected)
    }

    struct Iterator: AsyncIteratorProtocol {
        private static let maximumFieldBytes = 64 * 1024
        /// Of all that is not the file: fields, headers, delimiters.
        private static let maximumOverhead = 128 * 1024

        var body: RequestBody.AsyncIterator
        var parser: MultipartParser?
        let collected: Collected
        private var field: (name: String, bytes: [UInt8])?
        private var fieldBytes = 0
        private var overhead = 0
        private var files = 0

        init(body: RequestBody.AsyncIterator, parser: MultipartParser?, collected: Collected) {
            self.body = body
            self.parser = parser
            self.collected = collected
        }

        mutating func next() async throws -> ByteBuffer? {
            guard parser != nil else {
                let chunk = try await body.next()
                if let chunk { collected.saw(chunk) }
                return chunk
            }
            while true {
                switch try event() {
                case .bytes(let bytes) where field != nil: try take(bytes)
                case .bytes(let bytes):
                    collected.saw(bytes)
                    overhead -= bytes.readableBytes
                    return bytes
                case .began(let name, let filename, let contentType): try begin(name, filename, contentType)
                case .ended: endField()
                case .finished:
                    guard files == 1 else { throw APIError.invalid([FieldError("/file", "required", "must be one file")]) }
                    return nil
                case nil:
                    guard overhead <= Self.maximumOverhead else { throw APIError.tooLarge(limit: Self.maximumOverhead) }
                    guard let chunk = try await body.next() else { throw APIError.malformed("The form ends before its last boundary.") }
                    overhead += chunk.readableBytes
                    parser?.feed(chunk)
                }
            }
        }

        private mutating func event() throws -> MultipartParser.Event? {
            do {
                return try parser?.next()
            } catch {
                throw APIError.malformed("The form cannot be read.")
            }
        }

        private mutating func begin(_ name: String, _ filename: String?, _ contentType: String?) throws {
            guard let filename else {
                field = (name, [])
                return
            }
            files += 1
            guard files == 1 else { throw APIError.invalid([FieldError("/file", "too-many", "must be one file")]) }
            collected.change {
                $0.filename = $0.filename ?? filename
                $0.mimeType = contentType
            }
        }

        private mutating func take(_ bytes: ByteBuffer) throws {
            fieldBytes += bytes.readableBytes
            guard fieldBytes <= Self.maximumFieldBytes else { throw APIError.tooLarge(limit: Self.maximumFieldBytes) }
            field?.bytes += bytes.readableBytesView
        }

        private mutating func endField() {
            guard let field else { return }
            collected.change { $0.take(String(decoding: field.bytes, as: UTF8.self), as: field.name) }
            self.field = nil
        }
    }
}
