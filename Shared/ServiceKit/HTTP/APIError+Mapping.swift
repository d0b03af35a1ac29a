import HTTPTypes
import Hummingbird
import Messaging
import NIOHTTP1
import Postgres
import Redis

extension APIError {
    /// What a client is told of an error that a handler threw. Nil means a fault of ours: 500, which tells nothing and is logged.
    init?(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as FieldError: self = .invalid([error])
        case let error as PostgresError:
            guard let mapped = APIError(postgres: error) else { return nil }
            self = mapped
        case is RequestError: self = .unavailable()
        case is RedisError: self = .unavailable()
        // A body that is not what its header promised: a chunk without a length, an end before the end.
        case is HTTPParserError: self = .malformed("The body is not well-formed HTTP.")
        case let error as HTTPError:
            guard let mapped = APIError(status: error.status, headers: error.headers) else { return nil }
            self = mapped
        case let error as any HTTPResponseError:
            guard let mapped = APIError(status: error.status, headers: [:]) else { return nil }
            self = mapped
        default: return nil
        }
    }

    /// What Hummingbird refuses by itself. Nil for a 5xx.
    private init?(status: HTTPResponse.Status, headers: HTTPFields) {
        switch status {
        case .notFound: self = .init(.notFound, "not-found", "There is nothing at this address.")
        case .contentTooLarge: self = .init(.contentTooLarge, "too-large", "The request is too large.")
        case .badRequest: self = .malformed("It is not a well-formed request.")
        case .unauthorized: self = .unauthorized
        case .forbidden: self = .forbidden
        case _ where (400..<500).contains(status.code):
            self = .init(status, "refused", status.reasonPhrase.isEmpty ? "The request was refused." : status.reasonPhrase + ".", headers: headers)
        default: return nil
        }
    }
}
