import Synchronization
import Tracing

/// A span in the making. Ended once; what comes after the end is ignored.
final class OTLPSpan: Span {
    let context: ServiceContext
    private let exporter: OTLPExporter?
    private let state: Mutex<FinishedSpan?>
    /// The name outlives the end, as it may still be asked for.
    private let name: Mutex<String>

    init(_ name: String, kind: SpanKind, context: ServiceContext, parent: UInt64?, start: UInt64, exporter: OTLPExporter?) {
        self.context = context
        self.exporter = exporter
        self.name = Mutex(name)
        let span = context.trace.flatMap { trace in
            exporter.map { _ in FinishedSpan(trace: trace, parent: parent, name: name, kind: kind, start: start) }
        }
        state = Mutex(span)
    }

    var isRecording: Bool { state.withLock { $0 != nil } }

    var operationName: String {
        get { name.withLock { $0 } }
        set { name.withLock { $0 = newValue } }
    }

    var attributes: SpanAttributes {
        get { state.withLock { $0?.attributes ?? [:] } }
        set { state.withLock { $0?.attributes = newValue } }
    }

    func setStatus(_ status: SpanStatus) { state.withLock { $0?.status = status } }
    func addEvent(_ event: SpanEvent) { state.withLock { $0?.events.append(event) } }
    func addLink(_ link: SpanLink) { state.withLock { $0?.links.append(link) } }

    func recordError<Instant: TracerInstant>(_ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant) {
        var attributes = attributes
        attributes["exception.type"] = String(reflecting: type(of: error))
        attributes["exception.message"] = String(describing: error)
        addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
    }

    func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let finished = state.withLock { span in
            defer { span = nil }
            return span
        }
        guard var finished else { return }
        finished.name = operationName
        finished.end = instant().nanosecondsSinceEpoch
        exporter?.add(finished)
    }
}

/// A span as it will be sent.
struct FinishedSpan: Sendable {
    var trace: TraceContext
    var parent: UInt64?
    var name: String
    var kind: SpanKind
    /// Nanoseconds since 1970.
    var start: UInt64
    var end: UInt64 = 0
    var attributes: SpanAttributes = [:]
    var events: [SpanEvent] = []
    var links: [SpanLink] = []
    var status: SpanStatus?
}
