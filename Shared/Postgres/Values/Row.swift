import Foundation

/// One row of an answer. Columns are read by name; an error names the column and the type.
///
///     id = try row["id"]
///     preferences = try row.json("preferences")
public struct Row: Sendable {
    let answer: Answer
    let index: Int

    public subscript<Value: PostgresDecodable>(_ column: String) -> Value {
        get throws {
            guard let value: Value = try read(column) else { throw failure(column, "is NULL", Value.self) }
            return value
        }
    }

    public subscript<Value: PostgresDecodable>(_ column: String) -> Value? {
        get throws { try read(column) }
    }

    /// A json or jsonb column.
    public func json<Value: Decodable>(_ column: String, as type: Value.Type = Value.self) throws -> Value {
        guard let value = try jsonIfPresent(column, as: type) else { throw failure(column, "is NULL", type) }
        return value
    }

    /// A json or jsonb column, or nil for NULL.
    public func jsonIfPresent<Value: Decodable>(_ column: String, as type: Value.Type = Value.self) throws -> Value? {
        let position = try position(of: column)
        return try answer.withBytes(row: index, column: position) { bytes in
            do {
                return try JSONDecoder.hearth.decode(type, from: Data(bytes))
            } catch {
                throw failure(column, "does not decode: \(error)", type)
            }
        }
    }

    /// The whole row as a JSON object: a member per column in their order, without those that are NULL, in the form of `JSONEncoder.hearth`. For
    /// answers that say what a row says: the values are not made in between. Throws for what JSON cannot hold.
    public func jsonObject() throws -> [UInt8] {
        let columns = answer.columns
        var writer = JSONWriter(capacity: answer.length(row: index) + columns.names.count * 32)
        writer.write("{")
        var isFirst = true
        for position in columns.names.indices {
            try answer.withBytes(row: index, column: position) { cell in
                if !isFirst { writer.write(",") }
                isFirst = false
                writer.write(name: columns.names[position])
                do {
                    try writer.write(cell, as: columns.types[position])
                } catch is UnreadableValue {
                    throw failure(columns.names[position], "is not readable", [UInt8].self)
                }
            }
        }
        writer.write("}")
        return writer.bytes
    }

    /// True when the answer has a column of this name.
    public func has(_ column: String) -> Bool { answer.columns.position[column] != nil }

    func value<Value: PostgresDecodable>(at position: Int, as type: Value.Type = Value.self) throws -> Value? {
        guard position < answer.columns.names.count else { throw failure("\(position)", "is missing", type) }
        return try read(at: position, named: answer.columns.names[position])
    }

    private func read<Value: PostgresDecodable>(_ column: String) throws -> Value? {
        try read(at: position(of: column), named: column)
    }

    private func read<Value: PostgresDecodable>(at position: Int, named column: String) throws -> Value? {
        try answer.withBytes(row: index, column: position) { bytes in
            do {
                return try Value(postgresBytes: bytes)
            } catch is UnreadableValue {
                throw failure(column, "is not readable", Value.self)
            } catch {
                throw failure(column, "is not readable (\(error))", Value.self)
            }
        }
    }

    private func position(of column: String) throws -> Int {
        guard let position = answer.columns.position[column] else {
            var error = PostgresError(.decoding, "there is no column \(column) among \(answer.columns.names.joined(separator: ", "))")
            error.column = column
            throw error.placed(answer.query, answer.file, answer.line)
        }
        return position
    }

    private func failure(_ column: String, _ problem: String, _ type: any Any.Type) -> PostgresError {
        var error = PostgresError(.decoding, "column \(column) \(problem) as \(type)")
        error.column = column
        return error.placed(answer.query, answer.file, answer.line)
    }
}
