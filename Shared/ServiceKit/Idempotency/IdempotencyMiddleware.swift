import HTTPTypes
import Hummingbird
import NIOCore

/// Makes any POST safe to repeat: with an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07) the first answer is kept for 24 hours and
/// given again, with `Idempotency-Replayed: true`, to the same request. The same key with another request is 422 `idempotency-key-reused`;
/// while the first is under way 409 `idempotency-key-in-progress`.
///
/// A request is the same when method, path, query and body are. Bodies that stream (multipart, octets, anything longer than 1 MiB) go on to the
/// handler as they come; of them only the announced length is compared. A 5xx, a 401, 408, 425 or 429, an answer that streams, that is longer than
/// 1 MiB or that sets cookies is not kept, and its key is free again.
///
/// **What remains.** The handler commits its own transaction, and the answer is kept after it. If the process ends in between, or the
/// client's connection is cut so that the handler is cancelled, nobody knows whether the effect took place: the key answers 409 until the
/// claim ends (a minute; ten for a body that streams), and then the handler runs again. A handler whose effect must not happen twice even then
/// carries a natural key (an e-mail address, a provider's id) that is unique in its table.
public struct IdempotencyMiddleware: RouterMiddleware {
    public typealias Context = APIContext

    private static let limit = 1024 * 1024

    private let idempotency: Idempotency

    public init(_ idempotency: Idempotency) { self.idempotency = idempotency }

    public func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard request.method == .post, let value = try IdempotencyKey.value(request.headers) else { return try await next(request, context) }
        var request = request
        let body = try await Self.body(of: &request)
        let key = IdempotencyKey(value, request, body: body, caller: context.caller)
        switch try await idempotency.claim(key, for: body == nil ? .seconds(600) : .seconds(60)) {
        case .answered(let kept):
            return kept.response
        case .inProgress:
            throw APIError(
                .conflict, "idempotency-key-in-progress", "The first request with this Idempotency-Key is still under way.",
                headers: [.retryAfter: "1"])
        case .reused:
            throw APIError(.unprocessableContent, "idempotency-key-reused", "This Idempotency-Key was used for another request.")
        case .granted(let claim):
            return try await carryOut(key, claim, request, context, next)
        }
    }

    private func carryOut(
        _ key: IdempotencyKey, _ claim: String, _ request: Request, _ context: APIContext,
        _ next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch is CancellationError where Task.isCancelled {
            // Whether it took effect is not known: the claim stands until its time is over.
            throw CancellationError()
        } catch {
            guard let refusal = APIError(error), refusal.status.kind == .clientError else {
                await settle(context) { try await idempotency.release(key, claim) }
                throw error
            }
            response = Problem.response(refusal, requestID: context.requestID)
        }
        guard let body = try await Self.body(of: &response), let kept = KeptResponse(response, body: body) else {
            await settle(context) { try await idempotency.release(key, claim) }
            return response
        }
        await settle(context) { try await idempotency.complete(key, claim, with: kept) }
        return response
    }

    /// The request has been carried out, and its caller shall know: that the key could not be settled is no reason to fail it.
    private func settle(_ context: APIContext, _ body: @Sendable () async throws -> Void) async {
        do {
            try await body()
        } catch {
            context.logger.warning(
                "An idempotency key could not be settled", metadata: ["request_id": "\(context.requestID)", "error": "\(error)"])
        }
    }

    /// The body, read and put back; nil for one that streams on.
    private static func body(of request: inout Request) async throws -> ByteBuffer? {
        let type = request.headers[.contentType]?.lowercased() ?? ""
        if type.hasPrefix("multipart/") || type.hasPrefix("application/octet-stream") { return nil }
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit { return nil }
        let bytes = try await request.collect(upTo: limit)
        request.body = .init(buffer: bytes)
        return bytes
    }

    /// The body, written and put back; nil for one that has no length yet or too much of it.
    private static func body(of response: inout Response) async throws -> ByteBuffer? {
        guard let length = response.body.contentLength, length <= limit else { return nil }
        let bytes = try await BodyCollector.bytes(of: response.body)
        response.body = ResponseBody(byteBuffer: bytes)
        return bytes
    }
}
