import Testing

@testable import Passwords

@Suite struct BcryptTests {
    @Test(
        "A published vector verifies, and another password does not",
        arguments: [
            ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
            ("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
            ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
            ("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
        ])
    func vectors(password: String, hash: String) {
        #expect(Bcrypt.verify(password, against: hash))
        #expect(!Bcrypt.verify(password + "x", against: hash))
    }

    @Test func `A hash is salted, tells its cost and verifies`() throws {
        let first = try Bcrypt.hash("a long enough sentence", cost: 4)
        let second = try Bcrypt.hash("a long enough sentence", cost: 4)
        #expect(first != second)
        #expect(Bcrypt.cost(of: first) == 4)
        #expect(Bcrypt.verify("a long enough sentence", against: first))
    }

    @Test func `Every byte of a long password counts`() throws {
        let base = String(repeating: "ä", count: 60)
        let hash = try Bcrypt.hash(base + "1", cost: 4)
        #expect(Bcrypt.verify(base + "1", against: hash))
        #expect(!Bcrypt.verify(base + "2", against: hash))
    }

    @Test func `72 bytes are given to bcrypt as they are and 73 are not`() throws {
        let short = String(repeating: "a", count: 72)
        #expect(try Bcrypt.phrase(short).count == 73)
        #expect(try Bcrypt.phrase(short + "a").count == 45)
    }

    @Test func `A NUL is refused`() {
        #expect(throws: PasswordError.containsNUL) { try Bcrypt.hash("before\0after and more", cost: 4) }
    }

    @Test func `The same characters composed differently are the same password`() throws {
        let hash = try Bcrypt.hash("Ko\u{308}nigsberger Straße", cost: 4)
        #expect(Bcrypt.verify("K\u{F6}nigsberger Straße", against: hash))
    }

    @Test("What is not a bcrypt hash matches nothing", arguments: ["", "x", "$1$abc$def", "plain text password", Bcrypt.decoy(cost: 4)])
    func nonsense(hash: String) {
        #expect(!Bcrypt.verify("", against: hash))
        #expect(!Bcrypt.verify("plain text password", against: hash))
    }

    @Test func `A decoy has the cost it was asked for`() {
        #expect(Bcrypt.cost(of: Bcrypt.decoy(cost: 4)) == 4)
        #expect(Bcrypt.cost(of: Bcrypt.decoy(cost: 12)) == 12)
    }
}
