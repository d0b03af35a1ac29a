import CLibPQ

/// Feeds one COPY. Blocks, so it runs where that is allowed.
struct CopyWriter {
    private static let chunk = 64 * 1024
    private let handle: OpaquePointer
    private let statement: String

    init(_ handle: OpaquePointer, statement: String) {
        self.handle = handle
        self.statement = statement
    }

    func write(_ rows: some Sequence<[PostgresValue]>, columns: Int) throws -> Int {
        let opened = PQexec(handle, statement)
        guard let opened, PQresultStatus(opened) == PGRES_COPY_IN else {
            defer { PQclear(opened) }
            throw opened.map { PostgresError(result: $0, on: handle, query: statement, file: #fileID, line: #line) }
                ?? PostgresError(connection: handle)
        }
        PQclear(opened)
        var buffer: [UInt8] = []
        buffer.reserveCapacity(Self.chunk + 4_096)
        var problem: PostgresError?
        for row in rows {
            if row.count != columns {
                problem = PostgresError(.invalidValue, "a row has \(row.count) values for \(columns) columns", query: statement)
            } else if row.contains(where: { $0.text?.utf8.contains(0) == true }) {
                problem = PostgresError(.invalidValue, "text with a NUL character cannot be stored", sqlState: .invalidText, query: statement)
            }
            if problem != nil { break }
            append(row, to: &buffer)
            if buffer.count >= Self.chunk, !flush(&buffer) { break }
        }
        if problem == nil { _ = flush(&buffer) }
        if problem == nil { PQputCopyEnd(handle, nil) } else { PQputCopyEnd(handle, "the client gave up") }
        let count = try finish(expecting: problem)
        if let problem { throw problem }
        return count
    }

    private func append(_ row: [PostgresValue], to buffer: inout [UInt8]) {
        for (index, value) in row.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: "\t")) }
            guard let text = value.text else {
                buffer.append(contentsOf: "\\N".utf8)
                continue
            }
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "\\"): buffer.append(contentsOf: "\\\\".utf8)
                case UInt8(ascii: "\t"): buffer.append(contentsOf: "\\t".utf8)
                case UInt8(ascii: "\n"): buffer.append(contentsOf: "\\n".utf8)
                case UInt8(ascii: "\r"): buffer.append(contentsOf: "\\r".utf8)
                default: buffer.append(byte)
                }
            }
        }
        buffer.append(UInt8(ascii: "\n"))
    }

    private func flush(_ buffer: inout [UInt8]) -> Bool {
        defer { buffer.removeAll(keepingCapacity: true) }
        return buffer.withUnsafeBytes { bytes in
            PQputCopyData(handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count)) == 1
        }
    }

    private func finish(expecting problem: PostgresError?) throws -> Int {
        var count = 0
        var failure: PostgresError?
        while let result = PQgetResult(handle) {
            defer { PQclear(result) }
            if PQresultStatus(result) == PGRES_COMMAND_OK {
                count = PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
            } else if problem == nil {
                failure = failure ?? PostgresError(result: result, query: statement, file: #fileID, line: #line)
            }
            if PQstatus(handle) == CONNECTION_BAD { throw PostgresError(connection: handle) }
        }
        if let failure { throw failure }
        return count
    }
}
