import Testing
import Tracing

@testable import ServiceKit

struct TraceContextTests {
    private let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    struct Carrier: Extractor, Injector {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
    }

    @Test func aTraceparentSurvives() throws {
        let trace = try #require(TraceContext(traceparent: parent))
        #expect(trace.traceparent == parent)
        #expect(trace.isSampled)
        #expect(TraceContext(traceparent: parent.dropLast() + "0")?.isSampled == false)
    }

    @Test func aNewerVersionIsReadAsFarAsThisOneGoes() {
        #expect(TraceContext(traceparent: "cc" + parent.dropFirst(2) + "-more")?.traceparent == parent)
        #expect(TraceContext(traceparent: parent + "-more") == nil)
    }

    @Test(arguments: [
        "", "00", "00-x-y-01", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
    ])
    func nonsenseIsNoContext(_ text: String) {
        #expect(TraceContext(traceparent: text) == nil)
    }

    @Test func whatCameInGoesOut() {
        var context = ServiceContext.topLevel
        TraceContextPropagator().extract(["traceparent": parent, "tracestate": "a=1"], into: &context, using: Carrier())
        var out: [String: String] = [:]
        TraceContextPropagator().inject(context, into: &out, using: Carrier())
        #expect(out == ["traceparent": parent, "tracestate": "a=1"])
        TraceContextPropagator().extract(["traceparent": "broken"], into: &context, using: Carrier())
        #expect(context.trace?.traceparent == parent)
    }
}
