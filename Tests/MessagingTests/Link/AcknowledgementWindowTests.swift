import Testing

@testable import Messaging

@Suite struct AcknowledgementWindowTests {
    private func window(_ tags: ClosedRange<UInt64>) -> AcknowledgementWindow {
        var window = AcknowledgementWindow()
        for tag in tags { window.deliver(tag) }
        return window
    }

    private func frames(_ window: inout AcknowledgementWindow, settling tags: UInt64...) -> [String] {
        for tag in tags { window.settle(tag) }
        return window.flush().map { "\($0.tag)\($0.multiple ? "+" : "")" }
    }

    @Test func aRunIsOneFrame() {
        var window = window(1...5)
        #expect(frames(&window, settling: 3, 1, 2) == ["3+"])
        #expect(frames(&window, settling: 4, 5) == ["5+"])
        #expect(frames(&window) == [])
    }

    @Test func whatFinishesOutOfTurnGoesAlone() {
        var window = window(1...5)
        #expect(frames(&window, settling: 3, 5) == ["3", "5"])
        #expect(frames(&window, settling: 1) == ["1+"])
    }

    @Test func aTagThatWasSentIsNeverSentAgain() {
        var window = window(1...3)
        #expect(frames(&window, settling: 2, 3) == ["2", "3"])
        #expect(frames(&window, settling: 1) == ["1+"])
        #expect(frames(&window, settling: 2) == [])
    }

    @Test func countingGoesOnAfterTheWindowWasEmpty() {
        var window = window(1...1)
        #expect(frames(&window, settling: 1) == ["1+"])
        window.deliver(2)
        #expect(frames(&window, settling: 2) == ["2+"])
    }
}
