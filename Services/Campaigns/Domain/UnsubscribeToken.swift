import Foundation
import ServiceKit

/// What an unsubscribe link carries, sealed: it can be neither guessed nor altered, and works without anyone being signed in.
struct UnsubscribeToken: Sendable, Hashable {
    var emailID: UUID
    var userID: UUID?
    var category: String

    private static let context = "campaigns.unsubscribe"

    init(emailID: UUID, userID: UUID?, category: String) {
        self.emailID = emailID
        self.userID = userID
        self.category = category
    }

    /// Nil for anything that was not sealed here.
    init?(_ text: String, encryption: Encryption) {
        guard text.utf8.count <= 1_000, let sealed = Data(base64URL: text),
            let bytes = try? encryption.open(Array(sealed), context: Self.context), bytes.count > 33, let emailID = Self.uuid(bytes[0..<16])
        else { return nil }
        self.emailID = emailID
        userID = bytes[16] == 1 ? Self.uuid(bytes[17..<33]) : nil
        category = String(decoding: bytes[33...], as: UTF8.self)
    }

    func sealed(by encryption: Encryption) throws -> String {
        let user = userID ?? UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        let bytes = Self.bytes(emailID) + [userID == nil ? 0 : 1] + Self.bytes(user) + Array(category.utf8)
        return Data(try encryption.seal(bytes, context: Self.context)).base64URL
    }

    private static func bytes(_ id: UUID) -> [UInt8] { withUnsafeBytes(of: id.uuid) { Array($0) } }

    private static func uuid(_ bytes: ArraySlice<UInt8>) -> UUID? {
        guard bytes.count == 16 else { return nil }
        var id: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &id) { $0.copyBytes(from: bytes) }
        return UUID(uuid: id)
    }
}
