import ContactValues
import Testing

@Suite struct ContactValueTests {
    @Test(arguments: [
        (ContactField.email, "Mia.Muster@Example.ORG ", "mia.muster+flat@example.org"), (.phone, "0171-1234567", "+49 171 123 45 67"),
        (.name, "Herr Dr. Hans Müller", "Mueller, Hans"), (.address, "Lange Str. 5, 10115 Berlin", "Lange Straße 5 10115 Berlin"),
        (.website, "www.example.org/wohnen/", "https://example.org/wohnen?utm_source=x"),
    ])
    func `Two spellings of one value compare as one`(field: ContactField, one: String, other: String) throws {
        let (one, other) = (try #require(ContactValue(field, one)), try #require(ContactValue(field, other)))
        #expect(one.key == other.key)
    }

    @Test(arguments: [
        (ContactField.email, "mia@example.org", "max@example.org"), (.phone, "0171 1234567", "0171 1234568"), (.name, "Hans Müller", "Hanna Müller"),
        (.address, "Lange Str. 5, 10115 Berlin", "Lange Str. 6, 10115 Berlin"), (.website, "example.org/a", "example.org/b"),
    ])
    func `Two values compare as two`(field: ContactField, one: String, other: String) throws {
        #expect(try #require(ContactValue(field, one)).key != #require(ContactValue(field, other)).key)
    }

    @Test(arguments: [
        "", "a", "@example.org", "mia@", "mia@localhost", "mia@@example.org", "mia example@example.org", ".mia@example.org", "mi..a@example.org",
        "mia@-example.org", "mia@example..org", "mia@127.0.0.1", "mia@example.org\u{0}", String(repeating: "m", count: 65) + "@example.org",
        "mia@" + String(repeating: "a.", count: 150) + "org",
    ])
    func `What is no e-mail address is none`(text: String) { #expect(EmailAddress(text) == nil) }

    @Test func `Rules of domains need no DNS`() {
        #expect(EmailAddress("mia@mail.example.co.uk")?.registrableDomain == "example.co.uk")
        #expect(EmailAddress("mia@co.uk")?.problem == .publicSuffix)
        #expect(EmailAddress("mia@homes.nosuchsuffix")?.problem == .unknownSuffix)
        #expect(EmailAddress("info@example.org")?.isRole == true)
        #expect(EmailAddress("mia@example.org")?.isRole == false)
        #expect(EmailAddress("noreply@example.org")?.isUnattended == true)
    }

    @Test(arguments: ["", "example", "ftp://example.org", "mia@example.org", "http://", "exa mple.org", "https://127.0.0.1/", "javascript:alert(1)"])
    func `What is no website is none`(text: String) { #expect(WebAddress(text) == nil) }

    @Test(arguments: ["", "   ", "123", "--", "a\u{0}b", String(repeating: "Anna ", count: 100)])
    func `What is no name is none`(text: String) { #expect(PersonName(text) == nil) }

    @Test func `Names are alike by the words they share`() {
        #expect(PersonName.similarity("Hans Müller", "Mueller, Hans") == 1)
        #expect(PersonName.similarity("H. Müller", "Hans Müller") == 0.75)
        #expect(PersonName.similarity("Hans Müller", "Eva Schmidt") == 0)
    }
}
