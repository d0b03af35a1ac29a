import Testing

@testable import Chaos

struct SeriesTests {
    private func series(_ value: (Double) -> Double) -> Series {
        var series = Series()
        for look in 0..<120 { series.add(value(Double(look) / 12), at: Double(look) / 12) }
        return series
    }

    @Test func `memory that levels off is flat, and a leak of half a MiB a minute is none within ten minutes`() {
        #expect(series { 30 + min($0, 2) * 5 }.isFlat(as: .memory))
        let leak = series { 30 + $0 * 0.5 }
        #expect(!leak.isFlat(as: .memory))
        #expect(abs(leak.slope - 0.5) < 0.001)
    }

    @Test func `a burst is no growth, and a connection lost every half minute is`() {
        #expect(series { Int($0 * 12).isMultiple(of: 10) ? 400 : 0 }.isFlat(as: .outboxRows))
        #expect(!series { 10 + ($0 * 2).rounded(.down) }.isFlat(as: .databaseConnections))
        #expect(!series { 40 + ($0 * 4).rounded(.down) }.isFlat(as: .descriptors))
    }
}
