import CoreMetrics
import Synchronization

/// A back end of swift-metrics whose state is read as Prometheus text: counters, gauges, and histograms with fixed buckets (seconds for
/// timers). Making a metric takes a lock; changing one does not touch it.
public final class PrometheusMetrics: MetricsFactory {
    private struct Family {
        var kind: String
        var series: [String: any PrometheusSeries] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    public init() {}

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(PrometheusText.name(label, suffix: "_total"), "counter", dimensions) { PrometheusCounter() } ?? PrometheusCounter()
    }

    public func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        series(PrometheusText.name(label, suffix: "_total"), "counter", dimensions) { PrometheusGauge() } ?? PrometheusGauge()
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(PrometheusText.name(label), "gauge", dimensions) { PrometheusGauge() } ?? PrometheusGauge()
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return series(PrometheusText.name(label), "gauge", dimensions) { PrometheusGauge() } ?? PrometheusGauge() }
        return series(PrometheusText.name(label), "histogram", dimensions) { PrometheusHistogram(bounds: PrometheusHistogram.sizes) }
            ?? PrometheusHistogram(bounds: PrometheusHistogram.sizes)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(PrometheusText.name(label, suffix: "_seconds"), "histogram", dimensions) {
            PrometheusHistogram(bounds: PrometheusHistogram.seconds)
        } ?? PrometheusHistogram(bounds: PrometheusHistogram.seconds)
    }

    // A metric that its owner lets go of keeps its last value: Prometheus expects series that do not come and go.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// Everything, in the text exposition format 0.0.4.
    public func text() -> String {
        let families = families.withLock { $0 }
        var text = PrometheusText()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text.begin(name, kind: family.kind)
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) { series.write(name, labels, to: &text) }
        }
        return text.finished()
    }

    /// The series of that name and labels. Nil when the name is taken by a metric of another kind: that one would make the whole
    /// answer unreadable, so it is counted and not shown.
    private func series<Series: PrometheusSeries>(
        _ name: String, _ kind: String, _ dimensions: [(String, String)], make: () -> Series
    ) -> Series? {
        let labels = PrometheusText.labels(dimensions)
        return families.withLock { families in
            var family = families[name] ?? Family(kind: kind)
            guard family.kind == kind else { return nil }
            if let known = family.series[labels] { return known as? Series }
            let series = make()
            family.series[labels] = series
            families[name] = family
            return series
        }
    }
}

/// One line, or one histogram, of a metric.
protocol PrometheusSeries: AnyObject, Sendable {
    func write(_ name: String, _ labels: String, to text: inout PrometheusText)
}
