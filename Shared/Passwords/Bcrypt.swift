import CCrypt
import Crypto
import Foundation

/// bcrypt by libxcrypt. Every call blocks for tens of milliseconds: from asynchronous code use `PasswordHasher`.
///
/// bcrypt reads 72 bytes and stops at a NUL. What is longer is first made into the base64 text of its HMAC-SHA256 (44 bytes, no NUL), so that every
/// byte counts; the fixed key keeps a plain SHA-256 leaked elsewhere from being usable as a password here. Text is normalised (NFKC) before,
/// so that the same characters typed on two systems are the same password.
public enum Bcrypt {
    /// The costs that are accepted: 4 is for tests only, 16 takes seconds.
    public static let costs = 4...16

    /// A salted hash in the form `$2b$<cost>$…`. Throws when the password holds a NUL or libxcrypt refuses.
    public static func hash(_ password: String, cost: Int) throws -> String {
        guard costs.contains(cost) else { throw PasswordError.unsupportedCost(cost) }
        return try crypt(password, setting: setting(cost: cost))
    }

    /// Whether the password is the one that was hashed. A hash that is not bcrypt's matches nothing, in the time of a hash that is.
    public static func verify(_ password: String, against hash: String) -> Bool {
        guard cost(of: hash) != nil, let made = try? crypt(password, setting: hash) else {
            _ = try? crypt("", setting: unmatchable)
            return false
        }
        return equal(Array(made.utf8), Array(hash.utf8))
    }

    /// The cost a hash was made with; nil when it is not bcrypt's.
    public static func cost(of hash: String) -> Int? {
        let parts = hash.split(separator: "$", omittingEmptySubsequences: false)
        guard hash.utf8.count == 60, parts.count == 4, ["2a", "2b", "2y"].contains(parts[1]) else { return nil }
        return Int(parts[2])
    }

    /// A hash with the right form and cost that no password has, for names that do not exist.
    public static func decoy(cost: Int) -> String {
        let digits = cost < 10 ? "0\(cost)" : "\(cost)"
        return "$2b$\(digits)$" + String(repeating: ".", count: 53)
    }

    private static let unmatchable = decoy(cost: 10)
    private static let longPasswordKey = SymmetricKey(data: Array("hearth.password.v1".utf8))

    /// What bcrypt is given: at most 72 bytes, none of them NUL, then a terminating one.
    static func phrase(_ password: String) throws -> [CChar] {
        var bytes = Array(password.precomposedStringWithCompatibilityMapping.utf8)
        guard !bytes.contains(0) else { throw PasswordError.containsNUL }
        if bytes.count > 72 {
            let code = HMAC<SHA256>.authenticationCode(for: bytes, using: longPasswordKey)
            bytes = Array(Data(code).base64EncodedString().utf8)
        }
        return bytes.map { CChar(bitPattern: $0) } + [0]
    }

    private static func setting(cost: Int) throws -> String {
        var random = [CChar](repeating: 0, count: 16)
        for index in random.indices { random[index] = CChar.random(in: .min ... .max) }
        var output = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        guard crypt_gensalt_rn("$2b$", UInt(cost), random, Int32(random.count), &output, Int32(output.count)) != nil else {
            throw PasswordError.refused(errno)
        }
        return text(output)
    }

    private static func crypt(_ password: String, setting: String) throws -> String {
        let phrase = try phrase(password)
        let size = MemoryLayout<crypt_data>.size
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: MemoryLayout<crypt_data>.alignment)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        defer { memory.deallocate() }
        guard let output = crypt_rn(phrase, setting, memory, Int32(size)) else { throw PasswordError.refused(errno) }
        return String(cString: output)
    }

    private static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Compares without telling by time where two texts differ.
    private static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
