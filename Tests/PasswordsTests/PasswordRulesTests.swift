import Testing

@testable import Passwords

@Suite struct PasswordRulesTests {
    private let email = "maria.keller@example.org"

    @Test(
        "A sentence or a random text will do",
        arguments: [
            "Drei Zimmer mit Balkon", "tangerine-otter-vault-19", "x9Lq!mPz7#Rt", "我家附近有一条很长的河流和桥",
        ])
    func good(password: String) {
        #expect(PasswordRules.flaw(in: password, email: email) == nil)
    }

    @Test(
        "A weak password is refused with its reason",
        arguments: [
            ("short", "too_short"), ("elevenchars", "too_short"), ("maria.keller@example.org", "too_similar"),
            ("Maria.Keller@Example.org1", "too_similar"),
            ("maria.keller", "too_similar"), ("password1234", "too_common"), ("PASSWORD1234", "too_common"), ("!!Passwort2026!!", "too_common"),
            ("aaaaaaaaaaaa", "too_common"), ("abcabcabcabc", "too_common"), ("345678901234", "too_common"), ("qwertyuiopas", "too_common"),
            ("1q2w3e4r5t6y", "too_common"), ("p@ssw0rd1234", "too_common"), ("Michael12345", "too_common"), ("iloveyouforever", "too_common"),
            ("Keller1999!!", "too_common"), ("Hearth2026!!", "too_common"),
            ("with a \0 inside it", "characters"), (String(repeating: "long ", count: 60), "too_long"),
        ])
    func bad(password: String, code: String) {
        #expect(PasswordRules.flaw(in: password, email: email)?.code == code)
    }

    @Test("The longest password that may be is judged as well")
    func longest() {
        let random = (0..<PasswordRules.maximumCharacters).map { _ in Character(UnicodeScalar(UInt8.random(in: 33...126))) }
        #expect(PasswordRules.flaw(in: String(random), email: email) == nil)
        #expect(PasswordRules.flaw(in: String(repeating: "password", count: 32), email: email)?.code == "too_common")
    }
}
