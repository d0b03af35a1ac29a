import Tracing

/// Carries the trace context that came in on to whatever goes out, also where no traces are collected: the gateway may still.
struct TraceContextPropagator: Instrument {
    static let parent = "traceparent"
    static let state = "tracestate"

    func extract<Carrier, Extract: Extractor>(_ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract)
    where Extract.Carrier == Carrier {
        guard let parent = extractor.extract(key: Self.parent, from: carrier) else { return }
        context.trace = TraceContext(traceparent: parent, state: extractor.extract(key: Self.state, from: carrier)) ?? context.trace
    }

    func inject<Carrier, Inject: Injector>(_ context: ServiceContext, into carrier: inout Carrier, using injector: Inject)
    where Inject.Carrier == Carrier {
        guard let trace = context.trace else { return }
        injector.inject(trace.traceparent, forKey: Self.parent, into: &carrier)
        if let state = trace.state { injector.inject(state, forKey: Self.state, into: &carrier) }
    }
}
