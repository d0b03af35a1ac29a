import Foundation
import Testing

@testable import ServiceKit

struct EncryptionTests {
    private static func key(_ byte: UInt8) -> String { Data(repeating: byte, count: 32).base64EncodedString() }
    private let old = "2025:\(key(1))"
    private let new = "2026:\(key(2))"

    @Test func whatIsSealedOpensAgain() throws {
        let encryption = try Encryption(keys: new)
        let sealed = try encryption.seal("0171 2345678", context: "catalog.listings.contact_phone")
        #expect(try encryption.openString(sealed, context: "catalog.listings.contact_phone") == "0171 2345678")
        #expect(try encryption.seal("0171 2345678", context: "catalog.listings.contact_phone") != sealed)
    }

    @Test func anEmptyTextCanBeSealed() throws {
        let encryption = try Encryption(keys: new)
        #expect(try encryption.openString(try encryption.seal("", context: "c"), context: "c") == "")
    }

    @Test func aValueCannotBeMovedToAnotherColumn() throws {
        let encryption = try Encryption(keys: new)
        let sealed = try encryption.seal("secret", context: "a.b.c")
        #expect(throws: EncryptionError.notAuthentic) { try encryption.open(sealed, context: "a.b.d") }
    }

    @Test func anOldKeyStillOpensAfterTheRotation() throws {
        let sealed = try Encryption(keys: old).seal("secret", context: "c")
        #expect(try Encryption(keys: "\(new), \(old)").openString(sealed, context: "c") == "secret")
        #expect(throws: EncryptionError.unknownKey("2025")) { try Encryption(keys: new).open(sealed, context: "c") }
    }

    @Test func everyDamagedByteIsNoticed() throws {
        let encryption = try Encryption(keys: new)
        let sealed = try encryption.seal("secret", context: "c")
        for index in sealed.indices {
            var damaged = sealed
            damaged[index] ^= 0x40
            #expect(throws: EncryptionError.self) { try encryption.open(damaged, context: "c") }
        }
        for length in sealed.indices {
            #expect(throws: EncryptionError.self) { try encryption.open(Array(sealed.prefix(length)), context: "c") }
        }
    }

    @Test(arguments: ["", "id", "id:short", "id:\(Data(count: 16).base64EncodedString())", "a:\(key(1)),a:\(key(2))", ":\(key(1))"])
    func keysThatMakeNoSenseAreRefusedWithoutBeingShown(_ keys: String) {
        let error = #expect(throws: SettingError.self) { try Encryption(keys: keys) }
        #expect(error?.description.contains(Self.key(1)) == false)
    }
}
