import Contracts
import Foundation
import Messaging
import Postgres

/// Answers for what a service holds of a person: shows all of it page by page, and erases it with a receipt.
public struct PersonalDataDesk: Sendable {
    /// Rows, and bytes of them, in one page at most; a single row may be larger.
    static let rowsPerPage = 200
    static let bytesPerPage = 256 * 1024

    public let data: any PersonalData
    private let postgres: Postgres

    public init(_ data: any PersonalData, postgres: Postgres) {
        self.data = data
        self.postgres = postgres
    }

    /// Answers `auth` when it collects an export.
    public func answer<Owner: ServiceOwner>(as owner: Owner.Type, on requests: Requests) {
        requests.answer(ExportPersonalData<Owner>.self) { request, _ in
            do {
                return try await page(of: request.userID, after: request.cursor)
            } catch is InvalidCursor {
                throw RequestError.refused(slug: "invalid-cursor", message: "The cursor is not one of this export.")
            }
        }
    }

    /// Erases when somebody is gone, in the transaction that takes note of the message, and sends `auth` the receipt.
    public func listen(on consumer: Consumer) {
        consumer.on(UserDeleted.self) { event, _, tx in try await erase(event, in: tx) }
    }

    public func erase(_ event: UserDeleted, in tx: Transaction) async throws {
        try await tx.send(RecordErasure(userID: event.userID, tables: try await erase(event.userID, version: event.version, in: tx)))
    }

    /// What became of the person's rows, table by table, as the database says before and after.
    public func erase(_ user: UUID, version: Int64, in tx: Transaction) async throws -> [ErasedTable] {
        let before = try await counts(of: user, in: tx)
        try await data.erase(user, version: version, in: tx)
        let after = try await counts(of: user, in: tx)
        return data.tables.enumerated().map { index, table in
            ErasedTable(
                table: table.name, action: table.erasure.action, rows: before[index], remaining: after[index],
                reason: table.erasure.reason)
        }
    }

    private func counts(of user: UUID, in tx: Transaction) async throws -> [Int] {
        try await tx.batch(
            data.tables.map { "SELECT count(*) AS n FROM \(identifier: $0.name) WHERE \(identifier: $0.person) = \(user)" }
        ).map { try $0[0]["n"] }
    }

    /// One page of everything that the service holds of a person. Throws `InvalidCursor`.
    public func page(of user: UUID, after cursor: String?) async throws -> PersonalDataPage {
        guard let place = cursor.map({ Cursor.decode($0, as: Place.self) }) ?? Place() else { throw InvalidCursor() }
        let tables = data.tables.filter(\.isExported)
        guard place.table < tables.count else { return try await filePage(of: user, place) }
        return try await tablePage(of: user, tables, place)
    }

    /// A cursor that this service has not made.
    public struct InvalidCursor: Error {}

    private struct Place: Codable, Sendable {
        var table = 0
        /// The key of the last row, as JSON.
        var after: String?
        /// The file that has been read to its end last, and the one that is being read.
        var lastFile: UUID?
        var file: UUID?
        var offset: Int64 = 0
    }

    private func tablePage(of user: UUID, _ tables: [PersonalTable], _ place: Place) async throws -> PersonalDataPage {
        let table = tables[place.table]
        let rows = try await postgres.batch(as: ServiceCaller(), [Self.query(table, user, after: place.after)])[0]
        let texts: [String] = try rows.map { try $0["body"] }
        var json = place.table == 0 && place.after == nil ? "{" : ""
        if place.after == nil { json += (place.table == 0 ? "" : ",") + "\n\"\(table.name)\":[" }
        json += (place.after == nil || texts.isEmpty ? "" : ",\n") + texts.joined(separator: ",\n")
        var next = place
        if let last = rows.last, try last["has_more"] as Bool {
            next.after = try last["key"]
        } else {
            json += "]"
            next.after = nil
            next.table += 1
            if next.table == tables.count { json += "\n}\n" }
        }
        return PersonalDataPage(json: json, rows: texts.count, nextCursor: Cursor.encode(next))
    }

    /// A page ends with the row that would make it too large; `has_more` says whether the table goes on after it.
    private static func query(_ table: PersonalTable, _ user: UUID, after: String?) -> SQL {
        let key = SQL.joined(table.key.map { "t.\(identifier: $0)" as SQL })
        let pairs = SQL.joined(table.key.map { "\($0)::text, t.\(identifier: $0)" as SQL })
        let later: SQL =
            after.map { after in
                let columns = SQL.joined(table.key.map { "seen.\(identifier: $0)" as SQL })
                return """
                    AND (\(key)) > (SELECT \(columns) FROM jsonb_populate_record(NULL::\(identifier: table.name), \(after)::jsonb) seen)
                    """
            } ?? ""
        return """
            SELECT body, key, found > place AS has_more FROM (
                SELECT body, key, place, sum(octet_length(body)) OVER (ORDER BY place) AS total, count(*) OVER () AS found
                FROM (
                    SELECT (to_jsonb(t) - \(table.omitting)::text[])::text AS body, jsonb_build_object(\(pairs))::text AS key,
                        row_number() OVER (ORDER BY \(key)) AS place
                    FROM \(identifier: table.name) t WHERE t.\(identifier: table.person) = \(user) \(later)
                    ORDER BY \(key) LIMIT \(rowsPerPage + 1)
                ) AS page
            ) AS sized WHERE place = 1 OR (place <= \(rowsPerPage) AND total <= \(bytesPerPage)) ORDER BY place
            """
    }

    private func filePage(of user: UUID, _ place: Place) async throws -> PersonalDataPage {
        guard let file = try await data.file(of: user, after: place.lastFile) else { return PersonalDataPage(nextCursor: nil) }
        // A file that was deleted while it was read is given up, and the next one begun.
        let offset = place.file == file.id ? place.offset : 0
        let bytes = try await file.read(offset, Self.bytesPerPage)
        let chunk = PersonalFileChunk(id: file.id, name: file.name, size: file.size, offset: offset, bytes: bytes)
        var next = place
        let isWhole = bytes.isEmpty || offset + Int64(bytes.count) >= file.size
        next.lastFile = isWhole ? file.id : place.lastFile
        next.file = isWhole ? nil : file.id
        next.offset = isWhole ? 0 : offset + Int64(bytes.count)
        return PersonalDataPage(file: chunk, nextCursor: Cursor.encode(next))
    }
}
