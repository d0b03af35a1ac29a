import Testing

@testable import Auth

@Suite struct EmailAddressTests {
    @Test("An address is taken", arguments: ["a@b.de", "first.last+tag@sub.example.org", "x_%-1@ex-ample.co"])
    func good(text: String) { #expect(EmailAddress(text).isValid) }

    @Test(
        "What is no address is refused",
        arguments: [
            "", "a", "a@", "@b.de", "a@b", "a@b.d", "a@b.1x", "a@@b.de", "a b@c.de", "a@b..de", "a@.de", "ä@b.de", "a\u{0}@b.de",
            String(repeating: "a", count: 65) + "@b.de", "a@" + String(repeating: "b.", count: 130) + "de",
        ])
    func bad(text: String) { #expect(!EmailAddress(text).isValid) }

    @Test func `Case and spaces around do not make another address`() {
        #expect(EmailAddress("  Maria@Example.ORG ") == EmailAddress("maria@example.org"))
    }
}
