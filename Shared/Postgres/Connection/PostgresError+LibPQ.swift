import CLibPQ

extension PostgresError {
    /// The server's refusal, as libpq keeps it in a result.
    init(result: OpaquePointer, query: String?, file: StaticString, line: UInt) {
        func field(_ code: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(UInt8(ascii: code))).map { String(cString: $0) }
        }
        self.init(
            .server, field("M") ?? String(cString: PQresultErrorMessage(result)), sqlState: field("C").map(SQLState.init(rawValue:)),
            query: query, file: file, line: line)
        detail = field("D")
        hint = field("H")
        constraint = field("n")
        table = field("t")
        column = field("c")
    }

    /// Why a call that blocked has failed: the server refused, or is gone.
    init(result: OpaquePointer, on connection: OpaquePointer, query: String?, file: StaticString, line: UInt) {
        self.init(result: result, query: query, file: file, line: line)
        if PQstatus(connection) == CONNECTION_BAD { kind = .connection }
    }

    /// What libpq says about the connection itself.
    init(connection: OpaquePointer, file: StaticString = #fileID, line: UInt = #line) {
        var message = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        while message.last?.isNewline == true { message.removeLast() }
        self.init(.connection, message.isEmpty ? "the connection was lost" : message, file: file, line: line)
    }
}
