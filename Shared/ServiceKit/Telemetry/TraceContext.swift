import Tracing

/// Where a piece of work belongs: W3C Trace Context, `traceparent` and `tracestate`.
struct TraceContext: Sendable, Hashable {
    var traceID: TraceID
    var spanID: UInt64
    var isSampled: Bool
    /// Vendors' part, carried as it came.
    var state: String?

    /// Nil for anything but a valid `traceparent`; a version newer than 00 is read as far as 00 goes.
    init?(traceparent text: String, state: String? = nil) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count >= 4, let version = Hexadecimal.parse(parts[0], digits: 2), version != 0xff, version != 0 || parts.count == 4,
            parts[1].count == 32, let high = Hexadecimal.parse(parts[1].prefix(16), digits: 16),
            let low = Hexadecimal.parse(parts[1].suffix(16), digits: 16), high != 0 || low != 0,
            let span = Hexadecimal.parse(parts[2], digits: 16), span != 0,
            let flags = Hexadecimal.parse(parts[3], digits: 2)
        else { return nil }
        self.init(traceID: TraceID(high: high, low: low), spanID: span, isSampled: flags & 1 == 1, state: state)
    }

    init(traceID: TraceID, spanID: UInt64, isSampled: Bool, state: String? = nil) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
        self.state = state
    }

    var traceparent: String { "00-\(traceID)-\(Hexadecimal.format(spanID))-\(isSampled ? "01" : "00")" }
}

/// 16 bytes that all spans of one trace share.
struct TraceID: Sendable, Hashable, CustomStringConvertible {
    var high: UInt64
    var low: UInt64

    static func random() -> TraceID { TraceID(high: .random(in: 1 ... .max), low: .random(in: .min ... .max)) }

    var description: String { Hexadecimal.format(high) + Hexadecimal.format(low) }
}

extension ServiceContext {
    private enum TraceContextKey: ServiceContextKey {
        typealias Value = TraceContext
        static var nameOverride: String? { "hearth.trace" }
    }

    /// The span that this context is in.
    var trace: TraceContext? {
        get { self[TraceContextKey.self] }
        set { self[TraceContextKey.self] = newValue }
    }
}
