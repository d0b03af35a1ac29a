import ContactValues
import Testing

@testable import Scraper

@Suite("A result")
struct ContactVerdictTests {
    func verdict(_ values: [ContactField: String], _ confidence: Double = 0.9, minimum: Double = 0.5, acceptsMail: Bool? = nil) -> ContactVerdict {
        ContactVerdict(
            values: values, confidence: Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, confidence) }), minimum: minimum,
            acceptsMail: acceptsMail)
    }

    @Test("with a right number or address is valid, and as complete as it has fields")
    func valid() {
        let verdict = verdict([.phone: "030 901820", .email: "hans@example.org", .name: "Hans"])
        #expect(verdict.status == .valid && verdict.rejection == nil && verdict.errors.isEmpty && verdict.completeness == 0.6)
        #expect(abs(verdict.accuracy - 0.9) < 0.001)
    }

    @Test("by which nobody can be reached is invalid, and says why")
    func invalid() {
        #expect(verdict([.name: "Hans"]).status == .invalid)
        let dead = verdict([.email: "hans@nosuch.nosuchsuffix", .phone: "12"])
        #expect(dead.status == .invalid && dead.errors.count == 2 && dead.rejection != nil)
        #expect(verdict([.email: "hans@example.org"], acceptsMail: false).status == .invalid)
        #expect(verdict([.email: "hans@example.org"], acceptsMail: true).status == .valid)
        #expect(verdict([.email: "hans@example.org"], acceptsMail: nil).status == .valid)
    }

    @Test("that is less sure than asked for, or half wrong, is uncertain")
    func uncertain() {
        #expect(verdict([.phone: "030 901820"], 0.45).rejection != nil)
        let half = verdict([.phone: "030 901820", .email: "hans@nosuch.nosuchsuffix"])
        #expect(half.status == .uncertain && half.rejection == nil)
        #expect(verdict([.phone: "0900 1234567"]).errors == ["phone: a service number"] || verdict([.phone: "0900 1234567"]).status == .invalid)
    }
}
