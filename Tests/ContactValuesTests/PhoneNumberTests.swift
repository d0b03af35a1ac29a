import ContactValues
import Testing

@Suite struct PhoneNumberTests {
    @Test(
        arguments: [
            ("030 / 901820", "+4930901820", "030 901820"), ("0171-1234567", "+491711234567", "0171 1234567"),
            ("+49 (0)30 23125 101", "+493023125101", "030 23125101"), ("0049 30 901820", "+4930901820", "030 901820"),
            ("+43 1 58858-0", "+431588580", "01 588580"),
        ])
    func `One number in any spelling is one number`(text: String, e164: String, national: String) throws {
        let phone = try #require(PhoneNumber(text))
        #expect(phone.e164 == e164 && phone.national == national && phone.isValid)
    }

    @Test(arguments: ["", "hallo", "12ab", "1", "+", "\0", String(repeating: "1", count: 300), "+49 30 90182012345678901234567890"])
    func `What is no number is none`(text: String) { #expect(PhoneNumber(text) == nil) }

    @Test func `The kind of a number and its country are told`() {
        #expect(PhoneNumber("0171 1234567")?.kind == .mobile)
        #expect(PhoneNumber("030 901820")?.kind == .fixedLine)
        #expect(PhoneNumber("0800 3301000")?.kind == .service)
        #expect(PhoneNumber("+43 1 588580")?.region == "AT")
    }

    @Test func `Numbers are found in a text, and rents, postcodes and days are none`() {
        let text = "Fürs Erste: 030 901820 oder mobil 0171/123 45 67. Miete 1.200,00 €, 10115 Berlin, frei ab 01.12.2026, 72,5 m²"
        let matches = PhoneNumber.all(in: text)
        #expect(matches.map(\.phone.e164) == ["+4930901820", "+491711234567"])
        let bytes = Array(text.utf8)
        #expect(matches.map { String(decoding: bytes[$0.range], as: UTF8.self) } == ["030 901820", "0171/123 45 67"])
    }
}
