import CoreMetrics
import Synchronization

/// A number that goes up and down.
final class PrometheusGauge: MeterHandler, RecorderHandler, FloatingPointCounterHandler, PrometheusSeries {
    /// The bits of a Double, as there is no atomic Double.
    private let bits = Atomic<UInt64>(0)

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func decrement(by amount: Double) { increment(by: -amount) }
    func reset() { set(0.0) }

    func increment(by amount: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = original
        }
    }

    func write(_ name: String, _ labels: String, to text: inout PrometheusText) {
        text.sample(name, labels, PrometheusText.number(value))
    }
}
