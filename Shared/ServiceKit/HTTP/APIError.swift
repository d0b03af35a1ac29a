import HTTPTypes
import Hummingbird

/// A refusal, answered as RFC 9457 `application/problem+json`. `slug` is stable and makes the problem's `type`: `urn:hearth:problem:<slug>`.
public struct APIError: Error, Sendable {
    public var status: HTTPResponse.Status
    public var slug: String
    public var title: String
    public var detail: String?
    public var errors: [FieldError]
    public var headers: HTTPFields

    public init(
        _ status: HTTPResponse.Status, _ slug: String, _ title: String, detail: String? = nil, errors: [FieldError] = [],
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.slug = slug
        self.title = title
        self.detail = detail
        self.errors = errors
        self.headers = headers
    }
}

extension APIError {
    /// 401: there is no token.
    public static let unauthorized = APIError(.unauthorized, "unauthorized", "Sign in first.", headers: [.wwwAuthenticate: "Bearer"])
    /// 401: there is a token, and it is not valid. Does not say why, to give a forger nothing.
    public static let invalidToken = APIError(
        .unauthorized, "invalid-token", "The access token is not valid.", headers: [.wwwAuthenticate: "Bearer error=\"invalid_token\""])
    /// 401: the token was valid, but its session has ended.
    public static let sessionEnded = APIError(
        .unauthorized, "session-ended", "The session has ended. Sign in again.",
        headers: [.wwwAuthenticate: "Bearer error=\"invalid_token\", error_description=\"session ended\""])
    public static let forbidden = APIError(.forbidden, "forbidden", "You may not do this.")
    /// 412: `If-Match` names a version that is not the present one.
    public static let versionMismatch = APIError(
        .preconditionFailed, "precondition-failed", "It has changed since the version in If-Match; read it again.")

    /// 404: there is none, or none that the caller may know of.
    public static func notFound(_ what: String) -> APIError { .init(.notFound, "not-found", "There is no such \(what).") }
    public static func conflict(_ slug: String, _ title: String) -> APIError { .init(.conflict, slug, title) }
    /// 400: not something that could be read at all.
    public static func malformed(_ detail: String) -> APIError {
        .init(.badRequest, "malformed", "The request could not be read.", detail: detail)
    }
    /// 422, with every bad field.
    public static func invalid(_ errors: [FieldError]) -> APIError {
        .init(.unprocessableContent, "invalid", "Some fields are not valid.", errors: errors)
    }
    /// 413: the body is larger than the limit in bytes.
    public static func tooLarge(limit: Int) -> APIError {
        .init(.contentTooLarge, "too-large", "The request is too large.", detail: "At most \(limit) bytes are taken.")
    }
    /// 503 with `Retry-After`: something this service stands on is away for the moment.
    public static func unavailable(_ title: String = "The service cannot answer right now.", retryAfter seconds: Int = 1) -> APIError {
        .init(.serviceUnavailable, "unavailable", title, headers: [.retryAfter: String(seconds)])
    }
}
