/// A five-character SQLSTATE.
public struct SQLState: RawRepresentable, Sendable, Hashable {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let uniqueViolation = SQLState(rawValue: "23505")
    public static let foreignKeyViolation = SQLState(rawValue: "23503")
    public static let checkViolation = SQLState(rawValue: "23514")
    public static let notNullViolation = SQLState(rawValue: "23502")
    public static let exclusionViolation = SQLState(rawValue: "23P01")
    public static let insufficientPrivilege = SQLState(rawValue: "42501")
    public static let serializationFailure = SQLState(rawValue: "40001")
    public static let deadlockDetected = SQLState(rawValue: "40P01")
    public static let lockNotAvailable = SQLState(rawValue: "55P03")
    /// By a cancel request or by `statement_timeout`.
    public static let queryCanceled = SQLState(rawValue: "57014")
    /// Text that the server cannot store: a NUL byte, or not UTF-8.
    public static let invalidText = SQLState(rawValue: "22021")
    public static let inFailedTransaction = SQLState(rawValue: "25P02")
    static let unknownStatement = SQLState(rawValue: "26000")
    static let duplicateStatement = SQLState(rawValue: "42P05")
    static let featureNotSupported = SQLState(rawValue: "0A000")

    /// The first two characters, such as "23" for integrity violations and "22" for data that does not fit.
    public var errorClass: Substring { rawValue.prefix(2) }
    /// True when running the same transaction again may succeed.
    public var isRetryable: Bool { self == .serializationFailure || self == .deadlockDetected }
}
