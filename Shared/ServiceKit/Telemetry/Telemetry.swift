import Contracts
import Logging
import Messaging
import Metrics
import Tracing

/// The process-wide back ends of logs, metrics and traces, set up once at the very start of `main`.
struct Telemetry: Sendable {
    var metrics: PrometheusMetrics
    /// Only where `OTEL_EXPORTER_OTLP_ENDPOINT` is set.
    var tracer: OTLPTracer?
    var exporter: OTLPExporter?

    /// `LOG_LEVEL` is one of trace, debug, info (default), notice, warning, error, critical.
    static func bootstrap(service: ServiceName, settings: Settings) throws -> Telemetry {
        let name = settings.string("LOG_LEVEL", default: "info")
        guard let level = Logger.Level(rawValue: name.lowercased()) else {
            throw SettingError("LOG_LEVEL", "is \"\(name)\", which is not one of trace, debug, info, notice, warning, error, critical")
        }
        LoggingSystem.bootstrap(
            { label, provider in JSONLogHandler(label: label, service: service.rawValue, level: level, metadataProvider: provider) },
            metadataProvider: .hearth)
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        guard let endpoint = try? settings.string("OTEL_EXPORTER_OTLP_ENDPOINT") else {
            InstrumentationSystem.bootstrap(TraceContextPropagator())
            return Telemetry(metrics: metrics)
        }
        let exporter = OTLPExporter(endpoint: endpoint, service: service.rawValue, logger: Logger(label: "hearth.traces"))
        let tracer = OTLPTracer(exporter: exporter, ratio: try settings.double("OTEL_TRACES_SAMPLER_ARG", default: 1))
        InstrumentationSystem.bootstrap(tracer)
        return Telemetry(metrics: metrics, tracer: tracer, exporter: exporter)
    }
}

extension Logger.MetadataProvider {
    /// The request's id and trace of the work that is running now.
    static var hearth: Logger.MetadataProvider {
        Logger.MetadataProvider {
            var metadata: Logger.Metadata = [:]
            if let trace = ServiceContext.current?.trace {
                metadata["trace_id"] = .stringConvertible(trace.traceID)
                metadata["span_id"] = .string(Hexadecimal.format(trace.spanID))
            }
            if let requestID = Origin.current.requestID { metadata["request_id"] = .string(requestID) }
            return metadata
        }
    }
}
