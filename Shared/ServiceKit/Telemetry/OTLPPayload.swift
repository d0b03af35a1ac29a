import Tracing

/// `ExportTraceServiceRequest` in the JSON of OTLP: ids in hexadecimal, 64-bit numbers as text, enumerations as numbers.
struct OTLPPayload: Encodable {
    struct ResourceSpans: Encodable {
        var resource: Resource
        var scopeSpans: [ScopeSpans]
    }
    struct Resource: Encodable {
        var attributes: [OTLPAttribute]
    }
    struct ScopeSpans: Encodable {
        var scope: Scope
        var spans: [Span]
    }
    struct Scope: Encodable {
        var name: String
    }
    struct Span: Encodable {
        var traceId: String
        var spanId: String
        var traceState: String?
        var parentSpanId: String?
        var name: String
        var kind: Int
        var startTimeUnixNano: String
        var endTimeUnixNano: String
        var attributes: [OTLPAttribute]
        var events: [Event]
        var links: [Link]
        var status: Status?
    }
    struct Event: Encodable {
        var timeUnixNano: String
        var name: String
        var attributes: [OTLPAttribute]
    }
    struct Link: Encodable {
        var traceId: String
        var spanId: String
        var attributes: [OTLPAttribute]
    }
    struct Status: Encodable {
        var code: Int
        var message: String?
    }

    var resourceSpans: [ResourceSpans]

    init(service: String, spans: [FinishedSpan]) {
        let resource = Resource(attributes: [
            OTLPAttribute("service.name", .string("hearth-" + service)), OTLPAttribute("service.namespace", .string("hearth")),
        ])
        resourceSpans = [
            ResourceSpans(resource: resource, scopeSpans: [ScopeSpans(scope: Scope(name: "hearth"), spans: spans.map(Span.init))])
        ]
    }
}

extension OTLPPayload.Span {
    init(_ span: FinishedSpan) {
        traceId = span.trace.traceID.description
        spanId = Hexadecimal.format(span.trace.spanID)
        traceState = span.trace.state
        parentSpanId = span.parent.map(Hexadecimal.format)
        name = span.name
        kind =
            switch span.kind {
            case .internal: 1
            case .server: 2
            case .client: 3
            case .producer: 4
            case .consumer: 5
            }
        startTimeUnixNano = String(span.start)
        endTimeUnixNano = String(span.end)
        attributes = OTLPAttribute.list(span.attributes)
        events = span.events.map {
            .init(timeUnixNano: String($0.nanosecondsSinceEpoch), name: $0.name, attributes: OTLPAttribute.list($0.attributes))
        }
        links = span.links.compactMap { link in
            link.context.trace.map {
                .init(traceId: $0.traceID.description, spanId: Hexadecimal.format($0.spanID), attributes: OTLPAttribute.list(link.attributes))
            }
        }
        status = span.status.map { .init(code: $0.code == .ok ? 1 : 2, message: $0.message) }
    }
}
