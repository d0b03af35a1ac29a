import NIOHTTP1

extension APIError {
    /// 408: a header or a body comes too slowly.
    static let tooSlow = APIError(.requestTimeout, "request-timeout", "The request took too long to arrive.")

    /// What the server says of bytes that are no request: 431 for a header beyond the limits, else 400.
    static func unreadable(_ error: (any Error)?) -> APIError {
        guard let error = error as? HTTPParserError, error == .headerOverflow else { return .malformed("It is not a well-formed HTTP request.") }
        return APIError(.requestHeaderFieldsTooLarge, "header-too-large", "The header of the request is too large.")
    }
}
