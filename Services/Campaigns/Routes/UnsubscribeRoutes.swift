import Foundation
import Hummingbird
import ServiceKit

/// `/v1/unsubscribe/{token}`: where List-Unsubscribe points. Nobody need be signed in, the token is the right to it. GET changes nothing, as mail
/// scanners follow every link; POST is RFC 8058's one click, and what the page's button sends.
struct UnsubscribeRoutes: Sendable {
    let suppressions: SuppressionStore
    let encryption: Encryption

    func add(to router: Router<APIContext>) {
        let group = router.group("/v1/unsubscribe")
        group.get(":token", use: show)
        group.post(":token", use: unsubscribe)
    }

    @Sendable func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let token = try token(context)
        return try answer(Unsubscription(category: token.category, unsubscribed: try await suppressions.isUnsubscribed(token)), request)
    }

    @Sendable func unsubscribe(_ request: Request, _ context: APIContext) async throws -> Response {
        let token = try token(context)
        let body = String(buffer: try await request.collect(upTo: 4_096))
        guard Self.isOneClick(body) else {
            throw APIError.invalid([FieldError("/List-Unsubscribe", "required", "must be One-Click")])
        }
        try await suppressions.unsubscribe(token)
        return try answer(Unsubscription(category: token.category, unsubscribed: true), request)
    }

    private func token(_ context: APIContext) throws -> UnsubscribeToken {
        guard let text = context.parameters.get("token"), let token = UnsubscribeToken(text, encryption: encryption) else {
            throw APIError.notFound("subscription")
        }
        return token
    }

    /// RFC 8058 lets a mail program send it as `application/x-www-form-urlencoded` or as `multipart/form-data`.
    static func isOneClick(_ body: String) -> Bool {
        let pairs = body.split(separator: "&").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        if pairs.contains("List-Unsubscribe=One-Click") { return true }
        guard let field = body.range(of: "name=\"List-Unsubscribe\"") else { return false }
        return body[field.upperBound...].split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) && !$0.contains(":") }
            == "One-Click"
    }

    private func answer(_ state: Unsubscription, _ request: Request) throws -> Response {
        guard request.headers[.accept]?.contains("text/html") == true else { return try .json(state, request: request) }
        let page = UnsubscribePage(state: state, german: request.headers[.acceptLanguage]?.lowercased().hasPrefix("de") == true)
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
                .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: page.html)))
    }
}
