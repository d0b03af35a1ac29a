import Contracts
import Foundation
import Postgres

/// A column that holds what `Encryption` has sealed: where it stands, in which form, and for which context each value was sealed.
public struct SealedColumn: Sendable {
    public enum Form: Sendable {
        /// bytea, one context for the whole column.
        case bytes(context: String)
        /// bytea, the context made from the row's key, in the order of the columns of the key.
        case bytesOfRow(context: @Sendable ([String]) -> String)
        /// text, in base64url.
        case base64URL(context: String)
        /// jsonb, an object of values in base64; the context is the prefix and the value's name.
        case members(contextPrefix: String)
        /// jsonb, `{"sealed": base64}` where it is sealed, and anything else where it is not.
        case wrapped(context: String)
    }

    /// Nil when every service has the table.
    public var service: ServiceName?
    public var table: String
    public var column: String
    public var key: [String]
    public var form: Form

    public init(_ service: ServiceName?, _ table: String, _ column: String, key: [String] = ["id"], _ form: Form) {
        self.service = service
        self.table = table
        self.column = column
        self.key = key
        self.form = form
    }

    /// What stands in the column, sealed under the first key; nil when all of it is already.
    public func resealed(_ stored: Data, key: [String], by encryption: Encryption) throws -> Data? {
        switch form {
        case .bytes(let context): return try encryption.reseal(Array(stored), context: context).map { Data($0) }
        case .bytesOfRow(let context): return try encryption.reseal(Array(stored), context: context(key)).map { Data($0) }
        case .base64URL(let context):
            guard let sealed = Data(base64URL: String(decoding: stored, as: UTF8.self)) else { throw EncryptionError.malformed }
            return try encryption.reseal(Array(sealed), context: context).map { Data(Data($0).base64URL.utf8) }
        case .members(let prefix):
            var members = try JSONDecoder.hearth.decode([String: String].self, from: stored)
            var isChanged = false
            for (name, text) in members {
                guard let sealed = Data(base64Encoded: text) else { throw EncryptionError.malformed }
                guard let fresh = try encryption.reseal(Array(sealed), context: prefix + name) else { continue }
                members[name] = Data(fresh).base64EncodedString()
                isChanged = true
            }
            return isChanged ? try JSONEncoder.hearth.encode(members) : nil
        case .wrapped(let context):
            guard let sealed = Self.wrapped(stored), let fresh = try encryption.reseal(Array(sealed), context: context) else { return nil }
            return try JSONEncoder.hearth.encode(["sealed": Data(fresh).base64EncodedString()])
        }
    }

    /// What is sealed in `{"sealed": base64}`; nil for anything else.
    static func wrapped(_ stored: Data) -> Data? {
        guard let object = try? JSONDecoder.hearth.decode([String: String].self, from: stored), object.count == 1 else { return nil }
        return object["sealed"].flatMap { Data(base64Encoded: $0) }
    }

    /// The column as bytes, whatever its type.
    var asBytes: SQL {
        switch form {
        case .bytes, .bytesOfRow: "\(identifier: column)"
        case .base64URL, .members, .wrapped: "convert_to(\(identifier: column)::text, 'UTF8')"
        }
    }

    /// Bytes as the column has them.
    func asStored(_ bytes: Data) -> SQL {
        switch form {
        case .bytes, .bytesOfRow: "\(bytes)"
        case .base64URL: "\(String(decoding: bytes, as: UTF8.self))"
        case .members, .wrapped: "\(String(decoding: bytes, as: UTF8.self))::jsonb"
        }
    }
}

extension Encryption {
    /// The same value sealed under the first key; nil when it is already. Throws `EncryptionError` when it cannot be opened.
    public func reseal(_ sealed: [UInt8], context: String) throws -> [UInt8]? {
        guard try Self.keyID(of: sealed) != current else { return nil }
        return try seal(open(sealed, context: context), context: context)
    }

    /// The id of the key under which a value was sealed. Throws `EncryptionError.malformed`.
    public static func keyID(of sealed: [UInt8]) throws -> String {
        guard sealed.count >= 2, sealed[0] == version, sealed.count >= 2 + Int(sealed[1]) else { throw EncryptionError.malformed }
        return String(decoding: sealed[2..<(2 + Int(sealed[1]))], as: UTF8.self)
    }
}
