import Foundation
import Postgres

/// Seals what older keys have sealed under the first one, in small batches, while everything runs. What is done is done: begun again it goes on with the
/// rest, and a row that somebody changes meanwhile is theirs.
public struct KeyRotation: Sendable {
    /// How far one column is.
    public struct Progress: Sendable, Equatable {
        public var seen = 0
        public var resealed = 0
        /// Values that no key opens, or that are damaged: they stay as they are.
        public var unreadable = 0
    }

    private let postgres: Postgres
    private let encryption: Encryption
    private let batch: Int

    /// The connection has to stand in the schema of the service.
    public init(_ postgres: Postgres, encryption: Encryption, batch: Int = 200) {
        self.postgres = postgres
        self.encryption = encryption
        self.batch = batch
    }

    /// Goes through a column from its first key to its last, and tells after each batch.
    public func rotate(_ column: SealedColumn, telling tell: @Sendable (Progress) -> Void = { _ in }) async throws -> Progress {
        var progress = Progress()
        var last: String?
        while true {
            let rows: [StoredValue] = try await postgres.all(as: ServiceCaller(), query(column, after: last))
            guard let end = rows.last else { return progress }
            last = end.place
            let changes = rows.compactMap { row -> (row: StoredValue, bytes: Data)? in
                progress.seen += 1
                do {
                    return try column.resealed(row.value, key: row.key, by: encryption).map { (row, $0) }
                } catch {
                    progress.unreadable += 1
                    return nil
                }
            }
            if !changes.isEmpty {
                let written = try await postgres.transaction(as: ServiceCaller()) { tx in
                    var written = 0
                    for change in changes { written += try await tx.execute(update(column, change.row, change.bytes)) }
                    return written
                }
                progress.resealed += written
            }
            tell(progress)
        }
    }

    /// How many values of a column each key has sealed; nothing of what cannot be read.
    public func keysInUse(_ column: SealedColumn) async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        var last: String?
        while true {
            let rows: [StoredValue] = try await postgres.all(as: ServiceCaller(), query(column, after: last))
            guard let end = rows.last else { return counts }
            last = end.place
            for id in rows.flatMap({ column.keyIDs($0.value) }) { counts[id, default: 0] += 1 }
        }
    }

    private func query(_ column: SealedColumn, after last: String?) -> SQL {
        let key = SQL.joined(column.key.map { "t.\(identifier: $0)" as SQL })
        let pairs = SQL.joined(column.key.map { "\($0)::text, t.\(identifier: $0)" as SQL })
        let texts = SQL.joined(column.key.map { "t.\(identifier: $0)::text" as SQL })
        let later: SQL =
            last.map { last in
                let columns = SQL.joined(column.key.map { "seen.\(identifier: $0)" as SQL })
                return """
                    AND (\(key)) > (SELECT \(columns) FROM jsonb_populate_record(NULL::\(identifier: column.table), \(last)::jsonb) seen)
                    """
            } ?? ""
        return """
            SELECT ARRAY[\(texts)] AS key, jsonb_build_object(\(pairs))::text AS place, \(column.asBytes) AS value
            FROM \(identifier: column.table) t WHERE t.\(identifier: column.column) IS NOT NULL \(later) ORDER BY \(key) LIMIT \(batch)
            """
    }

    /// Only what is still what was read.
    private func update(_ column: SealedColumn, _ row: StoredValue, _ bytes: Data) -> SQL {
        let columns = SQL.joined(column.key.map { "seen.\(identifier: $0)" as SQL })
        let key = SQL.joined(column.key.map { "t.\(identifier: $0)" as SQL })
        return """
            UPDATE \(identifier: column.table) t SET \(identifier: column.column) = \(column.asStored(bytes))
            WHERE (\(key)) = (SELECT \(columns) FROM jsonb_populate_record(NULL::\(identifier: column.table), \(row.place)::jsonb) seen)
                AND \(column.asBytes) = \(row.value)
            """
    }

    private struct StoredValue: RowDecodable, Sendable {
        var key: [String]
        var place: String
        var value: Data

        init(row: Row) throws {
            key = try row["key"]
            place = try row["place"]
            value = try row["value"]
        }
    }
}

extension SealedColumn {
    /// The keys that have sealed a stored value, once per sealed part.
    func keyIDs(_ stored: Data) -> [String] {
        switch form {
        case .bytes, .bytesOfRow: [try? Encryption.keyID(of: Array(stored))].compactMap(\.self)
        case .base64URL:
            [Data(base64URL: String(decoding: stored, as: UTF8.self)).flatMap { try? Encryption.keyID(of: Array($0)) }].compactMap(\.self)
        case .wrapped: [Self.wrapped(stored).flatMap { try? Encryption.keyID(of: Array($0)) }].compactMap(\.self)
        case .members:
            ((try? JSONDecoder.hearth.decode([String: String].self, from: stored)) ?? [:]).values.compactMap { text in
                Data(base64Encoded: text).flatMap { try? Encryption.keyID(of: Array($0)) }
            }
        }
    }
}
