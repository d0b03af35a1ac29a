import HTTPTypes
import Hummingbird

/// Something with a version that guards its updates: answered with a strong `ETag`; `If-Match` is checked before a change.
public protocol Versioned {
    var version: Int64 { get }
}

extension Versioned {
    /// `"<version>"`
    public var entityTag: String { "\"\(version)\"" }
}

extension Request {
    /// The version in `If-Match`; nil for `*` or when the header is absent; 400 for nonsense. A weak tag counts too: a proxy that
    /// compresses weakens tags, and the version is exact all the same.
    public func ifMatch() throws -> Int64? {
        guard let header = headers[.ifMatch]?.trimmingCharacters(in: .whitespaces), header != "*" else { return nil }
        let tag = header.hasPrefix("W/") ? String(header.dropFirst(2)) : header
        guard tag.count >= 3, tag.hasPrefix("\""), tag.hasSuffix("\""), let version = Int64(tag.dropFirst().dropLast()) else {
            throw APIError.malformed("If-Match is not the ETag of a version.")
        }
        return version
    }

    /// Whether `If-None-Match` holds the tag, compared weakly, as RFC 9110 has it for GET and HEAD.
    public func isFresh(_ entityTag: String) -> Bool {
        guard method == .get || method == .head, let header = headers[.ifNoneMatch] else { return false }
        return header.split(separator: ",").contains { candidate in
            let tag = candidate.trimmingCharacters(in: .whitespaces)
            return tag == "*" || tag == entityTag || tag == "W/" + entityTag
        }
    }
}
