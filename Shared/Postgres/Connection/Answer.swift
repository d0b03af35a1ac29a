import CLibPQ

/// What one statement answered. Keeps libpq's result alive, so that a cell costs nothing until it is decoded.
final class Answer: @unchecked Sendable {
    // Safe to share: libpq never changes a finished PGresult, and only `deinit` frees it.
    private let result: OpaquePointer
    let columns: Columns
    let query: String
    let file: StaticString
    let line: UInt

    /// Takes over `result`.
    init(_ result: OpaquePointer, columns: Columns?, query: String, file: StaticString, line: UInt) {
        self.result = result
        self.columns = columns ?? Columns(result)
        self.query = query
        self.file = file
        self.line = line
    }

    deinit { PQclear(result) }

    /// In bytes, of the row's cells together.
    func length(row: Int) -> Int { columns.names.indices.reduce(0) { $0 + Int(PQgetlength(result, Int32(row), Int32($1))) } }

    var count: Int { Int(PQntuples(result)) }

    var rows: [Row] { (0..<count).map { Row(answer: self, index: $0) } }

    /// How many rows the statement touched; 0 for one that touches none.
    var touched: Int { PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0 }

    /// The command tag, such as `COMMIT`.
    var tag: String { PQcmdStatus(result).map { String(cString: $0) } ?? "" }

    /// Nil for NULL.
    func withBytes<Value>(row: Int, column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Value) rethrows -> Value? {
        let (row, column) = (Int32(row), Int32(column))
        guard PQgetisnull(result, row, column) == 0, let cell = PQgetvalue(result, row, column) else { return nil }
        let length = Int(PQgetlength(result, row, column))
        return try cell.withMemoryRebound(to: UInt8.self, capacity: length) { try body(UnsafeBufferPointer(start: $0, count: length)) }
    }
}

/// The names and types of an answer's columns, made once per prepared statement.
final class Columns: Sendable {
    let names: [String]
    let types: [PostgresType]
    let position: [String: Int]

    init(_ result: OpaquePointer) {
        names = (0..<PQnfields(result)).map { PQfname(result, $0).map { String(cString: $0) } ?? "" }
        types = (0..<PQnfields(result)).map { PostgresType(rawValue: PQftype(result, $0)) }
        position = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
