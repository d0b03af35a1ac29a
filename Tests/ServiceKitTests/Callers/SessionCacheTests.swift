import Foundation
import Testing

@testable import ServiceKit

struct SessionCacheTests {
    private func caller(_ session: UUID = UUID()) -> Caller { Caller(userID: UUID(), sessionID: session) }

    @Test func aCheckedTokenIsRememberedUntilItEnds() {
        let cache = SessionCache()
        let someone = caller()
        cache.remember(someone, for: "Bearer a", until: 100, since: cache.beginning, at: 10)
        #expect(cache.caller(of: "Bearer a", at: 99) == someone)
        #expect(cache.caller(of: "Bearer b", at: 99) == nil)
        #expect(cache.caller(of: "Bearer a", at: 100) == nil)
        #expect(cache.count == 0)
    }

    @Test func anEndedSessionIsForgottenAndStaysSo() {
        let cache = SessionCache()
        let someone = caller()
        cache.remember(someone, for: "Bearer a", until: 100, since: cache.beginning, at: 10)
        cache.end(someone.sessionID, at: 11)
        #expect(cache.caller(of: "Bearer a", at: 12) == nil)
        cache.remember(someone, for: "Bearer a", until: 100, since: cache.beginning, at: 12)
        #expect(cache.caller(of: "Bearer a", at: 13) == nil)
        #expect(cache.hasEnded(someone.sessionID))
    }

    @Test func aCheckBegunBeforeEverythingWasForgottenIsNotRemembered() {
        let cache = SessionCache()
        let beginning = cache.beginning
        cache.forgetAll()
        cache.remember(caller(), for: "Bearer a", until: 100, since: beginning, at: 10)
        #expect(cache.caller(of: "Bearer a", at: 11) == nil)
    }

    @Test func changedRightsAreNewsForAsLongAsATokenOfBeforeLives() {
        let cache = SessionCache()
        let someone = UUID()
        cache.forget(user: someone, at: 100)
        let lifetime = AccessClaims.lifetime.components.seconds
        #expect(cache.hasChanged(someone, at: 100) && cache.hasChanged(someone, at: 99 + lifetime))
        #expect(!cache.hasChanged(someone, at: 100 + lifetime) && !cache.hasChanged(UUID(), at: 100))
    }

    @Test func theCacheIsBoundedAndKeepsWhatIsUsed() {
        let cache = SessionCache(capacity: 10)
        for index in 0..<10 { cache.remember(caller(), for: "Bearer \(index)", until: 100, since: cache.beginning, at: 10) }
        #expect(cache.caller(of: "Bearer 3", at: 11) != nil)
        cache.remember(caller(), for: "Bearer new", until: 100, since: cache.beginning, at: 12)
        #expect(cache.caller(of: "Bearer 3", at: 13) != nil)
        #expect(cache.caller(of: "Bearer 4", at: 13) == nil)
        for index in 0..<1000 { cache.remember(caller(), for: "Bearer more \(index)", until: 100, since: cache.beginning, at: 14) }
        #expect(cache.count <= 10)
    }

    @Test func endedSessionsAreBoundedToo() {
        let cache = SessionCache(capacity: 10)
        cache.remember(caller(), for: "Bearer a", until: 100, since: cache.beginning, at: 10)
        for _ in 0..<11 { cache.end(UUID(), at: 10) }
        // Room was made by dropping the tokens, which are checked anew.
        #expect(cache.caller(of: "Bearer a", at: 11) == nil)
        #expect(cache.count == 0)
    }
}
