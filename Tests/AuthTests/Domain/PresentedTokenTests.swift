import Testing

@testable import Auth

@Suite struct PresentedTokenTests {
    @Test func `An unused token of a living session is fresh`() {
        #expect(PresentedToken.standing(isLive: true, isUsed: false, isInGrace: false) == .fresh)
    }

    @Test func `A token used a moment ago leads on`() {
        #expect(PresentedToken.standing(isLive: true, isUsed: true, isInGrace: true) == .justUsed)
    }

    @Test func `A token used before is an attack`() {
        #expect(PresentedToken.standing(isLive: true, isUsed: true, isInGrace: false) == .usedBefore)
    }

    @Test func `In a session that has ended no token counts`() {
        #expect(PresentedToken.standing(isLive: false, isUsed: false, isInGrace: false) == .void)
        #expect(PresentedToken.standing(isLive: false, isUsed: true, isInGrace: true) == .void)
    }
}
