import Crypto
import Foundation
import ServiceKit

/// A random secret that is handed out once and stored as a hash only: refresh tokens, verification and reset tokens.
struct OpaqueToken: Sendable, Hashable {
    var text: String

    init(_ text: String) { self.text = text }

    static func random() -> OpaqueToken { OpaqueToken(randomBytes().base64URL) }

    /// 256 bits of the system's cryptographic generator.
    static func randomBytes() -> Data { SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) } }

    /// What is stored. A fast hash will do: there are 256 random bits to guess.
    var hash: Data { Data(SHA256.hash(data: Data(text.utf8))) }

    /// The token that follows this one. It takes both this token and the random salt stored beside its hash to work it out, so neither an old token
    /// nor the database alone gives it away.
    func successor(salt: Data) -> OpaqueToken {
        let code = HMAC<SHA256>.authenticationCode(for: Data("hearth.refresh-token.v1".utf8) + salt, using: SymmetricKey(data: Data(text.utf8)))
        return OpaqueToken(Data(code).base64URL)
    }
}
