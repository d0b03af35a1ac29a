import Testing

@testable import Auth

@Suite struct LockoutRuleTests {
    @Test(
        "Four failures are free, then each doubles the wait, up to an hour",
        arguments: [
            (1, nil), (4, nil), (5, Duration.seconds(60)), (6, .seconds(120)), (7, .seconds(240)), (10, .seconds(1920)), (11, .seconds(3600)),
            (5_000_000, .seconds(3600)),
        ])
    func delay(failures: Int, delay: Duration?) {
        #expect(LockoutRule.delay(afterFailures: failures) == delay)
    }
}
