import Tracing

/// A back end of swift-distributed-tracing that hands finished spans to an exporter. The decision of the parent, if there is one, is kept;
/// a root is sampled by `OTEL_TRACES_SAMPLER_ARG` (a ratio, 1 by default).
final class OTLPTracer: Tracer {
    private let exporter: OTLPExporter
    private let ratio: Double
    private let propagator = TraceContextPropagator()

    init(exporter: OTLPExporter, ratio: Double = 1) {
        self.exporter = exporter
        self.ratio = ratio
    }

    func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind, at instant: @autoclosure () -> Instant,
        function: String, file fileID: String, line: UInt
    ) -> OTLPSpan {
        var context = context()
        let parent = context.trace
        let isSampled = parent?.isSampled ?? (ratio >= 1 || Double.random(in: 0..<1) < ratio)
        context.trace = TraceContext(
            traceID: parent?.traceID ?? .random(), spanID: .random(in: 1 ... .max), isSampled: isSampled, state: parent?.state)
        return OTLPSpan(
            operationName, kind: kind, context: context, parent: parent?.spanID, start: instant().nanosecondsSinceEpoch,
            exporter: isSampled ? exporter : nil)
    }

    func forceFlush() { exporter.wake() }

    func extract<Carrier, Extract: Extractor>(_ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract)
    where Extract.Carrier == Carrier {
        propagator.extract(carrier, into: &context, using: extractor)
    }

    func inject<Carrier, Inject: Injector>(_ context: ServiceContext, into carrier: inout Carrier, using injector: Inject)
    where Inject.Carrier == Carrier {
        propagator.inject(context, into: &carrier, using: injector)
    }
}
