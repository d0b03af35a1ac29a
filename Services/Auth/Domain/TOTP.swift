import Crypto
import Foundation

/// Time-based one-time passwords (RFC 6238 on RFC 4226).
struct TOTP: Sendable {
    /// What `otpauth` URIs call it.
    enum Algorithm: String, Sendable {
        case sha1 = "SHA1"
        case sha256 = "SHA256"
        case sha512 = "SHA512"
    }

    /// Seconds for which a code is shown.
    static let period: Int64 = 30
    /// Steps before and after the present one that are taken as well: clocks differ, and typing takes time (RFC 6238 § 5.2).
    static let tolerance: Int64 = 1

    var secret: Data
    /// Apps know this one; several ignore what the URI says and use it anyway.
    var algorithm = Algorithm.sha1
    var digits = 6

    /// 160 bits, as RFC 4226 § 4 recommends.
    static func random() -> TOTP { TOTP(secret: SymmetricKey(size: SymmetricKeySize(bitCount: 160)).withUnsafeBytes { Data($0) }) }

    static func step(at time: Date) -> Int64 { Int64(time.timeIntervalSince1970) / period }

    func code(step: Int64) -> String {
        let counter = withUnsafeBytes(of: UInt64(bitPattern: step).bigEndian) { Data($0) }
        let hash = authenticationCode(of: counter)
        let offset = Int(hash[hash.count - 1] & 15)
        let number = hash[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let modulus = (0..<digits).reduce(UInt64(1)) { power, _ in power * 10 }
        let text = String(UInt64(number) % modulus)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The step that a code belongs to; nil when it is none of now. All are compared whatever the first one says.
    func step(of code: String, at time: Date) -> Int64? {
        let now = Self.step(at: time)
        return (now - Self.tolerance...now + Self.tolerance).reduce(nil) { found, step in
            Self.isEqual(self.code(step: step), code) ? step : found
        }
    }

    /// The URI that apps read (Google Authenticator's key URI format).
    func uri(account: String, issuer: String) -> String {
        func escaped(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~@"))) ?? ""
        }
        return "otpauth://totp/\(escaped(issuer)):\(escaped(account))?secret=\(Base32.encode(secret))&issuer=\(escaped(issuer))"
            + "&algorithm=\(algorithm.rawValue)&digits=\(digits)&period=\(Self.period)"
    }

    private func authenticationCode(of counter: Data) -> [UInt8] {
        let key = SymmetricKey(data: secret)
        return switch algorithm {
        case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: key))
        case .sha256: Array(HMAC<SHA256>.authenticationCode(for: counter, using: key))
        case .sha512: Array(HMAC<SHA512>.authenticationCode(for: counter, using: key))
        }
    }

    private static func isEqual(_ one: String, _ other: String) -> Bool {
        let (one, other) = (Array(one.utf8), Array(other.utf8))
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
