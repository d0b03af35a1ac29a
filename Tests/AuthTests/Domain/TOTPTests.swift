import Foundation
import FoundationXML
import Testing

@testable import Auth

@Suite struct TOTPTests {
    /// RFC 6238, appendix B.
    private static let vectors: [(Int64, TOTP.Algorithm, String)] = [
        (59, .sha1, "94287082"), (59, .sha256, "46119246"), (59, .sha512, "90693936"),
        (1_111_111_109, .sha1, "07081804"), (1_111_111_109, .sha256, "68084774"), (1_111_111_109, .sha512, "25091201"),
        (1_111_111_111, .sha1, "14050471"), (1_111_111_111, .sha256, "67062674"), (1_111_111_111, .sha512, "99943326"),
        (1_234_567_890, .sha1, "89005924"), (1_234_567_890, .sha256, "91819424"), (1_234_567_890, .sha512, "93441116"),
        (2_000_000_000, .sha1, "69279037"), (2_000_000_000, .sha256, "90698825"), (2_000_000_000, .sha512, "38618901"),
        (20_000_000_000, .sha1, "65353130"), (20_000_000_000, .sha256, "77737706"), (20_000_000_000, .sha512, "47863826"),
    ]

    private static func secret(_ algorithm: TOTP.Algorithm) -> Data {
        let length =
            switch algorithm {
            case .sha1: 20
            case .sha256: 32
            case .sha512: 64
            }
        return Data(String(repeating: "1234567890", count: 7).utf8.prefix(length))
    }

    @Test func `The vectors of RFC 6238 hold`() {
        for (time, algorithm, code) in Self.vectors {
            let totp = TOTP(secret: Self.secret(algorithm), algorithm: algorithm, digits: 8)
            #expect(totp.code(step: TOTP.step(at: Date(timeIntervalSince1970: Double(time)))) == code, "\(time) \(algorithm)")
        }
    }

    @Test func `Base32 is that of RFC 4648`() {
        let vectors = ["": "", "f": "MY", "fo": "MZXQ", "foo": "MZXW6", "foob": "MZXW6YQ", "fooba": "MZXW6YTB", "foobar": "MZXW6YTBOI"]
        for (plain, encoded) in vectors { #expect(Base32.encode(Array(plain.utf8)) == encoded) }
    }

    @Test func `A code of the step before or after is taken, and none further away`() {
        let totp = TOTP.random()
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        let step = TOTP.step(at: now)
        for offset in Int64(-1)...1 { #expect(totp.step(of: totp.code(step: step + offset), at: now) == step + offset) }
        for offset in [Int64(-2), 2] { #expect(totp.step(of: totp.code(step: step + offset), at: now) != step + offset) }
        #expect(totp.step(of: "", at: now) == nil)
        #expect(totp.step(of: "12345", at: now) == nil)
    }

    @Test(.enabled(if: Oathtool.isThere, "oathtool is not installed; `packages.sh test` installs it"))
    func `oathtool finds the same codes`() async throws {
        for time in [59, 1_111_111_109, 1_700_000_000, 4_102_444_800] as [Int64] {
            for algorithm in [TOTP.Algorithm.sha1, .sha256, .sha512] {
                let totp = TOTP(secret: TOTP.random().secret, algorithm: algorithm)
                let theirs = try await Oathtool.code(of: totp, at: Date(timeIntervalSince1970: Double(time)))
                #expect(totp.code(step: time / TOTP.period) == theirs, "\(time) \(algorithm)")
            }
        }
    }

    @Test func `The URI is one that apps read, and its picture is an SVG`() throws {
        let uri = TOTP(secret: Data("12345678901234567890".utf8)).uri(account: "mia+home@example.org", issuer: "Hearth")
        #expect(
            uri == "otpauth://totp/Hearth:mia%2Bhome@example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Hearth"
                + "&algorithm=SHA1&digits=6&period=30")
        let svg = try #require(QRCode.svg(uri))
        #expect(try XMLDocument(xmlString: svg).rootElement()?.name == "svg")
        #expect(QRCode.svg(String(repeating: "x", count: 5000)) == nil)
    }

    @Test func `A backup code is read in any case and with any separators, and is nobody else's`() {
        let code = BackupCode.random()
        #expect(code.written.wholeMatch(of: /([a-z2-7]{4}-){3}[a-z2-7]{4}/) != nil)
        let (mia, tom) = (UUID(), UUID())
        #expect(BackupCode(text: " " + code.written.uppercased().replacing("-", with: " ")).hash(of: mia) == code.hash(of: mia))
        #expect(code.hash(of: mia) != code.hash(of: tom))
        #expect(Set(BackupCode.set()).count == BackupCode.count)
    }
}
