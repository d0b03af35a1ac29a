/// What can run statements: the pool (each statement a transaction of its own) and a `Transaction`.
public protocol PostgresQuerying: Sendable {
    func rows(_ sql: SQL, file: StaticString, line: UInt) async throws -> [Row]
    /// Runs a statement whose rows nobody needs; returns how many rows it touched.
    @discardableResult func execute(_ sql: SQL, file: StaticString, line: UInt) async throws -> Int
}

extension PostgresQuerying {
    public func rows(_ sql: SQL, _ file: StaticString = #fileID, _ line: UInt = #line) async throws -> [Row] {
        try await rows(sql, file: file, line: line)
    }
    @discardableResult
    public func execute(_ sql: SQL, _ file: StaticString = #fileID, _ line: UInt = #line) async throws -> Int {
        try await execute(sql, file: file, line: line)
    }
    /// Every row, decoded.
    public func all<Result: RowDecodable>(
        _ sql: SQL, as type: Result.Type = Result.self, _ file: StaticString = #fileID, _ line: UInt = #line
    ) async throws -> [Result] { try await rows(sql, file: file, line: line).map(Result.init(row:)) }
    /// The first row, decoded, or nil.
    public func first<Result: RowDecodable>(
        _ sql: SQL, as type: Result.Type = Result.self, _ file: StaticString = #fileID, _ line: UInt = #line
    ) async throws -> Result? { try await rows(sql, file: file, line: line).first.map(Result.init(row:)) }
    /// The only column of the first row, or nil when there is no row or it is NULL.
    public func value<Value: PostgresDecodable>(
        _ sql: SQL, as type: Value.Type = Value.self, _ file: StaticString = #fileID, _ line: UInt = #line
    ) async throws -> Value? { try await rows(sql, file: file, line: line).first?.value(at: 0) }
}
