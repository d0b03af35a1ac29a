import Foundation
import Testing

@testable import Auth

@Suite struct OpaqueTokenTests {
    @Test func `Tokens are random, long and safe in a URL`() {
        let tokens = Set((0..<100).map { _ in OpaqueToken.random().text })
        #expect(tokens.count == 100)
        #expect(tokens.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9_-]{43}/) != nil })
    }

    @Test func `What is stored is the hash and not the token`() {
        let token = OpaqueToken("abc")
        #expect(token.hash.map { String(format: "%02x", $0) }.joined() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func `The next token depends on the old one and on the salt`() {
        let salt = OpaqueToken.randomBytes()
        let token = OpaqueToken.random()
        #expect(token.successor(salt: salt) == token.successor(salt: salt))
        #expect(token.successor(salt: salt) != token.successor(salt: OpaqueToken.randomBytes()))
        #expect(token.successor(salt: salt) != OpaqueToken.random().successor(salt: salt))
    }
}
