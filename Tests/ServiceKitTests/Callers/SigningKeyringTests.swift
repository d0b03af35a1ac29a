import Crypto
import Foundation
import Synchronization
import Testing

@testable import ServiceKit

struct SigningKeyringTests {
    final class Source: SigningKeySource {
        struct State {
            var asked = 0
            var keys: [String: Curve25519.Signing.PublicKey] = [:]
            var fails = false
        }
        let state = Mutex(State())
        func keys(fresh: Bool) async throws -> SigningKeySet {
            try await Task.sleep(for: .milliseconds(5))
            return try state.withLock { state in
                state.asked += 1
                if state.fails { throw APIError.unavailable() }
                return SigningKeySet(fresh || state.asked > 1 ? state.keys : [:])
            }
        }
        var asked: Int { state.withLock { $0.asked } }
    }

    private let source = Source()

    init() {
        source.state.withLock { $0.keys = ["a": Curve25519.Signing.PrivateKey().publicKey] }
    }

    @Test func manyWhoWaitAskOnce() async throws {
        let keyring = SigningKeyring()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { try await keyring.key("a", from: source) != nil } }
            for try await found in group { #expect(found) }
        }
        // What a cache held did not have it, so the source itself was asked as well.
        #expect(source.asked == 2)
    }

    @Test func madeUpKeysAreNotAskedForAgainAtOnce() async throws {
        let keyring = SigningKeyring(pause: .seconds(60))
        for index in 0..<50 { #expect(try await keyring.key("made-up-\(index)", from: source) == nil) }
        #expect(source.asked == 2)
        #expect(try await keyring.key("a", from: source) != nil)
    }

    @Test func aRotationIsLookedUpAtTheNextToken() async throws {
        let keyring = SigningKeyring(pause: .seconds(60))
        _ = try await keyring.key("a", from: source)
        source.state.withLock { $0.keys["b"] = Curve25519.Signing.PrivateKey().publicKey }
        #expect(try await keyring.key("b", from: source) == nil)
        keyring.invalidate()
        #expect(try await keyring.key("b", from: source) != nil)
    }

    @Test func aSourceThatIsAwayIsToldApartFromAnUnknownKey() async throws {
        let keyring = SigningKeyring()
        source.state.withLock { $0.fails = true }
        await #expect(throws: APIError.self) { try await keyring.key("a", from: source) }
        source.state.withLock { $0.fails = false }
        #expect(try await keyring.key("a", from: source) != nil)
        keyring.invalidate()
        source.state.withLock { $0.fails = true }
        #expect(try await keyring.key("a", from: source) != nil)
    }
}
