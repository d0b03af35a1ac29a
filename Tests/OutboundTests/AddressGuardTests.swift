import Foundation
import Outbound
import Testing

@Suite("Addresses that may be fetched")
struct AddressGuardTests {
    @Test(
        "private and special addresses are not public",
        arguments: [
            "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1",
            "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
            "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
            "2001::1",
            "64:ff9b::a00:1", "2002:7f00:1::", "3fff::1", "100::1", "fec0::1",
        ]
    )
    func refused(address: String) throws {
        #expect(try !#require(IPAddress(address)).isPublic)
    }

    @Test(
        "public addresses are",
        arguments: [
            "8.8.8.8", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2a00:1450:4001::1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808",
        ]
    )
    func allowed(address: String) throws {
        #expect(try #require(IPAddress(address)).isPublic)
    }

    func guarding(_ answers: [String], allowed: [String] = []) -> AddressGuard {
        AddressGuard(allowed: Set(allowed.compactMap { HostPort($0) })) { _ in answers.compactMap { IPAddress($0) } }
    }

    func expectRefusal(_ addresses: AddressGuard, _ url: String) async throws {
        let server = try #require(URL(string: url).flatMap { HostPort($0) })
        _ = await #expect(throws: AddressRefused.self) { try await addresses.address(of: server) }
    }

    @Test("a name is as good as its worst address")
    func mixed() async throws {
        try await expectRefusal(guarding(["8.8.8.8", "127.0.0.1"]), "http://example.org/")
        try await expectRefusal(guarding([]), "http://example.org/")
        let server = try #require(HostPort("example.org:80"))
        let address = try await guarding(["8.8.8.8", "8.8.4.4"]).address(of: server)
        #expect(address.description == "8.8.8.8")
    }

    @Test(
        "a literal is judged as it stands, however it is written",
        arguments: ["http://127.0.0.1/", "http://[::1]:8080/", "http://[::ffff:169.254.169.254]/", "http://192.168.0.1:80/"]
    )
    func literals(url: String) async throws {
        try await expectRefusal(guarding(["8.8.8.8"]), url)
    }

    @Test(
        "the system's resolver reads odd spellings of loopback, and they are refused",
        arguments: ["http://2130706433/", "http://0x7f.1/", "http://localhost/"])
    func oddSpellings(url: String) async throws {
        try await expectRefusal(AddressGuard(allowed: []), url)
    }

    @Test("a permission is for one host and one port")
    func permission() async throws {
        let addresses = guarding(["127.0.0.1"], allowed: ["127.0.0.1:8099"])
        let address = try await addresses.address(of: #require(HostPort("127.0.0.1:8099")))
        #expect(address.description == "127.0.0.1")
        try await expectRefusal(addresses, "http://127.0.0.1:8098/")
        try await expectRefusal(addresses, "http://localhost:8099/")
    }

    @Test(
        "only http and https have a server",
        arguments: ["file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "http:///x", "mailto:a@b"])
    func schemes(url: String) throws {
        #expect(URL(string: url).flatMap { HostPort($0) } == nil)
    }
}
