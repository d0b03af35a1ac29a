import Crypto
import Foundation
import HTTPTypes
import Hummingbird

/// Whose key it is, and which request it was first sent with.
struct IdempotencyKey: Sendable, Equatable {
    /// The caller, so that nobody meets another's answer.
    var scope: String
    var key: String
    /// SHA-256 over the request, in hexadecimal digits.
    var fingerprint: String

    /// Nil without the header. Throws 400 for one that cannot be a key: 1 to 255 printable ASCII characters, in quotes or without.
    static func value(_ headers: HTTPFields) throws -> String? {
        guard let field = headers[.idempotencyKey] else { return nil }
        var text = Substring(field)
        // The draft's form is a quoted string; most clients send the key alone.
        if text.count >= 2, text.first == "\"", text.last == "\"" { text = text.dropFirst().dropLast() }
        guard 1...255 ~= text.utf8.count, text.utf8.allSatisfy({ 0x21...0x7e ~= $0 }) else {
            throw APIError(
                .badRequest, "idempotency-key-invalid", "The Idempotency-Key is not valid.",
                detail: "It must be 1 to 255 printable ASCII characters without spaces, best a UUID.")
        }
        return String(text)
    }

    /// An API key has a scope of its own: it must not be given the answer to what it might not have asked itself.
    private static func scope(of caller: Caller) -> String {
        caller.scopes == nil ? "user:\(caller.userID.uuidString.lowercased())" : "key:\(caller.sessionID.uuidString.lowercased())"
    }

    /// - Parameter body: The bytes of the body; nil for a body that streams, of which only the announced length counts.
    init(_ key: String, _ request: Request, body: ByteBuffer?, caller: Caller?) {
        self.key = key
        scope = caller.map(Self.scope) ?? "anonymous"
        var hash = SHA256()
        hash.update(data: Data("\(request.method.rawValue) \(request.uri.string)\n".utf8))
        if let body {
            hash.update(data: Data("body\n".utf8))
            hash.update(data: body.readableBytesView)
        } else {
            hash.update(data: Data("stream \(request.headers[.contentLength] ?? "")\n".utf8))
        }
        fingerprint = hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
