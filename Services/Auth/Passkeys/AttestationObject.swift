import CCBOR
import Foundation

/// What a new credential comes in: a CBOR map of a format, a statement and the authenticator's data (WebAuthn § 6.5.4).
struct AttestationObject: Sendable {
    /// Larger ones are refused unread.
    private static let longest = 64 * 1024

    var format: String
    var authenticatorData: Data

    /// Nil when it is not such a map.
    init?(_ bytes: Data) {
        guard (1...Self.longest).contains(bytes.count) else { return nil }
        var result = cbor_load_result()
        let loaded = bytes.withUnsafeBytes { cbor_load($0.bindMemory(to: UInt8.self).baseAddress, $0.count, &result) }
        guard var item = loaded as UnsafeMutablePointer<cbor_item_t>? else { return nil }
        defer { Self.free(&item) }
        guard result.read == bytes.count, cbor_isa_map(item) else { return nil }
        var members: [String: UnsafeMutablePointer<cbor_item_t>] = [:]
        for pair in UnsafeBufferPointer(start: cbor_map_handle(item), count: cbor_map_size(item)) {
            if let name = Self.text(pair.key) { members[name] = pair.value }
        }
        guard let format = members["fmt"].flatMap(Self.text), let data = members["authData"].flatMap(Self.bytes) else { return nil }
        self.format = format
        authenticatorData = data
    }

    private static func text(_ item: UnsafeMutablePointer<cbor_item_t>) -> String? {
        guard cbor_isa_string(item), cbor_string_is_definite(item), let start = cbor_string_handle(item) else { return nil }
        return String(decoding: UnsafeBufferPointer(start: start, count: cbor_string_length(item)), as: UTF8.self)
    }

    private static func bytes(_ item: UnsafeMutablePointer<cbor_item_t>) -> Data? {
        guard cbor_isa_bytestring(item), cbor_bytestring_is_definite(item), let start = cbor_bytestring_handle(item) else { return nil }
        return Data(UnsafeBufferPointer(start: start, count: cbor_bytestring_length(item)))
    }

    private static func free(_ item: inout UnsafeMutablePointer<cbor_item_t>) {
        var last: UnsafeMutablePointer<cbor_item_t>? = item
        cbor_decref(&last)
    }
}
