import Postgres

extension APIError {
    /// The one place where a SQLSTATE becomes a status. Nil for what is our own fault, such as a statement that cannot work.
    init?(postgres error: PostgresError) {
        switch error.kind {
        case .connection, .poolTimeout, .closed:
            self = .unavailable()
        case .decoding:
            return nil
        case .invalidValue:
            self = .init(.unprocessableContent, "invalid", "Some fields are not valid.", detail: "A text must not hold NUL characters.")
        case .server:
            guard let state = error.sqlState, let mapped = APIError(state, constraint: error.constraint) else { return nil }
            self = mapped
        }
    }

    private init?(_ state: SQLState, constraint: String?) {
        switch state {
        case .uniqueViolation:
            self = .init(.conflict, "already-exists", "There is one already.", detail: constraint.map { "It would break \($0)." })
        case .foreignKeyViolation:
            self = .init(.conflict, "reference", "It refers to something that is not there, or is still referred to.")
        case .checkViolation, .notNullViolation:
            self = .init(.unprocessableContent, "invalid", "Some fields are not valid.", detail: constraint.map { "It would break \($0)." })
        case .insufficientPrivilege:
            self = .forbidden
        case .queryCanceled, .serializationFailure, .deadlockDetected:
            self = .unavailable("It took too long. Try again.")
        default:
            switch state.rawValue.prefix(2) {
            // Data exceptions: a number out of range, a text that is no UUID, a byte that is not UTF-8.
            case "22": self = .init(.unprocessableContent, "invalid", "Some fields are not valid.")
            // No connection, no resources, an administrator's intervention.
            case "08", "53", "57": self = .unavailable()
            default: return nil
            }
        }
    }
}
