import Testing

@testable import Messaging

@Suite struct ConfirmWindowTests {
    /// Publishes a batch, applies `events`, and returns what became of each message.
    private func outcomes(_ count: Int, mandatory: Bool = false, _ events: @escaping (inout ConfirmWindow) -> Void) async -> [PublishBatch.Outcome] {
        await withCheckedContinuation { continuation in
            let messages = (0..<count).map { OutgoingMessage(exchange: "", routingKey: "", body: [], messageID: "\($0)", mandatory: mandatory) }
            let batch = PublishBatch(messages, deadline: .now, continuation: continuation)
            var window = ConfirmWindow()
            for index in 0..<count { window.append(index, of: batch) }
            events(&window)
        }
    }

    @Test func aMultipleConfirmationCoversEverythingBefore() async {
        #expect(await outcomes(3) { $0.confirm(3, multiple: true, taken: true) } == [.taken, .taken, .taken])
    }

    @Test func confirmationsMayComeInAnyOrder() async {
        let outcomes = await outcomes(3) {
            $0.confirm(2, multiple: false, taken: false)
            $0.confirm(1, multiple: false, taken: true)
            $0.confirm(3, multiple: false, taken: true)
            $0.confirm(99, multiple: true, taken: false)
        }
        #expect(outcomes == [.taken, .rejected, .taken])
    }

    @Test func aReturnedMessageIsUnroutableThoughConfirmedAfter() async {
        let outcomes = await outcomes(2, mandatory: true) {
            $0.markReturned("0")
            $0.confirm(2, multiple: true, taken: true)
        }
        #expect(outcomes == [.unroutable, .taken])
    }

    @Test func aLostConnectionLeavesTheRestUnknown() async {
        let outcomes = await outcomes(2) {
            $0.confirm(1, multiple: false, taken: true)
            $0.abandon()
        }
        #expect(outcomes == [.taken, .unknown])
    }
}
