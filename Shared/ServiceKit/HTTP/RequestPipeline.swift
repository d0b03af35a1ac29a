import HTTPTypes
import Hummingbird
import Logging
import Messaging
import Tracing

/// The outermost middleware, one for all that every request needs, as each further one costs every request: the request's id and origin,
/// the caller, a span, the measuring, the log line, and the one place where an error becomes an answer.
struct RequestPipeline: RouterMiddleware {
    typealias Context = APIContext

    /// Longer than this is worth a line in the log by itself.
    private static let slow = Duration.seconds(1)

    /// The caller of a request; nil when it carries no token.
    let authenticate: @Sendable (HTTPFields) async throws -> Caller?
    let addresses: ClientAddress
    let metrics: RequestMetrics
    let tracer: OTLPTracer?

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        context.requestID = RequestID.of(request.headers)
        context.clientIP = addresses.of(request.headers, peer: context.remoteAddress)
        context.clientCountry = addresses.country(of: request.headers, peer: context.remoteAddress)
        context.userAgent = request.headers[.userAgent]
        var response = try await traced(request, context, next)
        response.headers[.requestID] = context.requestID
        finish(request, context, response.status, ContinuousClock.now - start)
        return response
    }

    private func traced(
        _ request: Request, _ context: APIContext, _ next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var surroundings = ServiceContext.topLevel
        if let parent = request.headers[.traceparent] {
            surroundings.trace = TraceContext(traceparent: parent, state: request.headers[.tracestate])
        }
        guard let tracer else {
            return try await ServiceContext.withValue(surroundings) { try await answer(request, context, next) }
        }
        let span = tracer.startSpan(request.method.rawValue, context: surroundings, ofKind: .server)
        defer { span.end() }
        return try await ServiceContext.withValue(span.context) {
            let response = try await answer(request, context, next)
            describe(span, request, context, response.status)
            return response
        }
    }

    private func answer(
        _ request: Request, _ context: APIContext, _ next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            var context = context
            context.caller = try await authenticate(request.headers)
            return try await context.origin.run { try await next(request, context) }
        } catch is CancellationError where Task.isCancelled {
            // The client has gone, or the process is being forced to end: nobody reads an answer.
            throw CancellationError()
        } catch {
            return problem(for: error, context)
        }
    }

    private func problem(for error: any Error, _ context: APIContext) -> Response {
        if let known = APIError(error) {
            if known.status.kind == .serverError {
                context.logger.warning("Request could not be answered", metadata: metadata(context, ["error": "\(error)"]))
            }
            return Problem.response(known, requestID: context.requestID)
        }
        context.logger.error("Request failed", metadata: metadata(context, ["error": "\(String(reflecting: error))"]))
        let fault = APIError(.internalServerError, "internal", "Something went wrong on our side.")
        return Problem.response(fault, requestID: context.requestID)
    }

    private func finish(_ request: Request, _ context: APIContext, _ status: HTTPResponse.Status, _ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        metrics.record(
            route: context.endpointPath ?? "none", method: request.method, status: status.code,
            nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        // The gateway's log has every request by its id; here a request speaks up when asked for or when it was slow.
        let level: Logger.Level = duration > Self.slow ? .notice : .debug
        context.logger.log(
            level: level, "\(request.method.rawValue) \(request.uri.path) \(status.code)",
            metadata: metadata(context, ["duration_ms": "\(Int(duration.seconds * 1000))"]))
    }

    private func metadata(_ context: APIContext, _ more: Logger.Metadata) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["request_id": .string(context.requestID), "route": .string(context.endpointPath ?? "none")]
        if let ip = context.clientIP { metadata["client_ip"] = .string(ip) }
        if let caller = context.caller { metadata["user_id"] = .string(caller.userID.uuidString.lowercased()) }
        return metadata.merging(more) { _, new in new }
    }

    private func describe(_ span: OTLPSpan, _ request: Request, _ context: APIContext, _ status: HTTPResponse.Status) {
        let route = context.endpointPath ?? "none"
        span.operationName = "\(request.method.rawValue) \(route)"
        span.updateAttributes { attributes in
            attributes["http.request.method"] = request.method.rawValue
            attributes["http.route"] = route
            attributes["http.response.status_code"] = status.code
            attributes["url.path"] = request.uri.path
            attributes["hearth.request_id"] = context.requestID
        }
        if status.kind == .serverError { span.setStatus(SpanStatus(code: .error)) }
    }
}
