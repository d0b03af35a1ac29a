/// What went wrong, with the statement and the caller's place. Binds are never part of the description.
public struct PostgresError: Error, Sendable {
    public enum Kind: Sendable {
        /// The server refused the statement.
        case server
        /// There is no connection, or it was lost; it is unknown whether a statement in flight took effect.
        case connection
        /// No connection became free in time.
        case poolTimeout
        /// A column is missing, NULL or of another type.
        case decoding
        /// A value that Postgres cannot hold, such as a string with a NUL byte. Nothing was sent.
        case invalidValue
        case closed
    }
    public var kind: Kind
    public var sqlState: SQLState?
    public var message: String
    public var detail: String?
    public var hint: String?
    public var constraint: String?
    public var table: String?
    public var column: String?
    public var query: String?
    public var file: StaticString
    public var line: UInt

    public init(
        _ kind: Kind, _ message: String, sqlState: SQLState? = nil, query: String? = nil, file: StaticString = #fileID, line: UInt = #line
    ) {
        self.kind = kind
        self.sqlState = sqlState
        self.message = message
        self.query = query
        self.file = file
        self.line = line
    }
}

extension PostgresError: CustomStringConvertible {
    public var description: String {
        var text = "\(kind)"
        if let sqlState { text += " \(sqlState.rawValue)" }
        text += ": \(message)"
        if let hint { text += " (\(hint))" }
        if let constraint { text += " [constraint \(constraint)]" }
        if let table { text += " [table \(table)]" }
        if let column { text += " [column \(column)]" }
        if let query { text += " in `\(query)`" }
        return text + " at \(file):\(line)"
    }

    func placed(_ query: String?, _ file: StaticString, _ line: UInt) -> PostgresError {
        var error = self
        error.query = error.query ?? query
        error.file = file
        error.line = line
        return error
    }
}
