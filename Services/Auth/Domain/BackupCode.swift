import Crypto
import Foundation

/// A code to write down, good once, for when every other factor is out of reach: 80 random bits as four groups of four letters and digits.
struct BackupCode: Sendable, Hashable {
    /// How many there are at a time.
    static let count = 10

    var text: String

    static func random() -> BackupCode {
        let letters = Base32.encode(SymmetricKey(size: SymmetricKeySize(bitCount: 80)).withUnsafeBytes { Data($0) }).lowercased()
        let groups = stride(from: 0, to: 16, by: 4).map { letters.dropFirst($0).prefix(4) }
        return BackupCode(text: groups.joined(separator: "-"))
    }

    static func set() -> [BackupCode] { (0..<count).map { _ in random() } }

    /// As people type it: in any case, with or without what stands between the groups.
    init(text: String) {
        self.text = text.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    /// As it is shown.
    var written: String { stride(from: 0, to: text.count, by: 4).map { text.dropFirst($0).prefix(4) }.joined(separator: "-") }

    /// What is stored; a fast hash will do against 80 random bits. Nobody else's code has the same one.
    func hash(of user: UUID) -> Data { Data(SHA256.hash(data: Data("\(user.uuidString.lowercased()) \(text)".utf8))) }
}
