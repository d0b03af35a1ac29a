import HTTPTypes
import NIOCore
import Testing

@testable import ServiceKit

struct ClientAddressTests {
    private let addresses: ClientAddress
    private let gateway: SocketAddress
    private let stranger: SocketAddress

    init() throws {
        addresses = try ClientAddress()
        gateway = try SocketAddress(ipAddress: "127.0.0.1", port: 4000)
        stranger = try SocketAddress(ipAddress: "203.0.113.9", port: 4000)
    }

    @Test func theGatewayIsBelieved() {
        #expect(addresses.of([.realIP: "198.51.100.7"], peer: gateway) == "198.51.100.7")
        #expect(addresses.of([.forwardedFor: "6.6.6.6, 198.51.100.7, 10.0.0.3"], peer: gateway) == "198.51.100.7")
        #expect(addresses.of([:], peer: gateway) == "127.0.0.1")
    }

    @Test func aStrangerIsNot() {
        #expect(addresses.of([.realIP: "198.51.100.7", .forwardedFor: "1.2.3.4"], peer: stranger) == "203.0.113.9")
    }

    @Test func theCountryIsWhatATrustedProxyTells() throws {
        let header = try #require(HTTPField.Name("CF-IPCountry"))
        let told = try ClientAddress(countryHeader: "CF-IPCountry")
        #expect(told.country(of: [header: "DE"], peer: gateway) == "DE")
        #expect(told.country(of: [header: "DE"], peer: stranger) == nil)
        for nothing in ["XX", "de", "Germany", ""] { #expect(told.country(of: [header: nothing], peer: gateway) == nil) }
        #expect(told.country(of: [:], peer: gateway) == nil && addresses.country(of: [header: "DE"], peer: gateway) == nil)
        #expect(throws: SettingError.self) { try ClientAddress(countryHeader: "not a name") }
    }

    @Test func nonsenseIsPassedOver() {
        #expect(addresses.of([.realIP: "not an address"], peer: gateway) == "127.0.0.1")
        #expect(addresses.of([.forwardedFor: "x, , y"], peer: gateway) == "127.0.0.1")
    }

    @Test func networksAreMatchedByTheirPrefix() throws {
        let range = try #require(AddressRange("172.16.0.0/12"))
        #expect(range.contains([172, 31, 255, 255]))
        #expect(!range.contains([172, 32, 0, 0]))
        #expect(try #require(AddressRange("::1")).contains(Array(repeating: 0, count: 15) + [1]))
        #expect(AddressRange.bytes(of: "::ffff:10.1.2.3") == [10, 1, 2, 3])
        #expect(AddressRange("10.0.0.0/33") == nil)
        #expect(AddressRange("ten") == nil)
        #expect(throws: SettingError.self) { try ClientAddress(trustedProxies: ["everyone"]) }
    }

    @Test(arguments: [("a", true), ("A-z_0.9", true), ("", false), ("ä", false), ("a b", false), ("a\"b", false)])
    func requestIDsAreWellFormedOrMade(_ id: String, _ holds: Bool) {
        #expect(RequestID.isWellFormed(id) == holds)
        #expect(!RequestID.isWellFormed(String(repeating: "a", count: 129)))
        #expect(RequestID.of([:]).count == 36)
    }
}
