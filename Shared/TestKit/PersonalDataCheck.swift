import Contracts
import Foundation
import Logging
import Postgres
import ServiceKit
import Testing

/// Every column of a service's schema that names a person stands in the service's declaration, every one that is or may be sealed in the list by which keys
/// rotate, and what declaration and list name is there. A service that keeps rows of agencies hears when one of them is deleted.
public func expectDeclared<Hearth: HearthService>(
    _ service: Hearth.Type, settings: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation,
    _ declaration: @escaping @Sendable (Platform) throws -> any PersonalData
) async throws {
    let (data, columns) = try await TestService.with(service, settings: settings) { running in
        let data = try declaration(running.platform)
        let configuration = PostgresConfiguration(url: running.adminDatabaseURL, schema: Hearth.name.rawValue)
        return try await PostgresSession.with(configuration, logger: Logger(label: "test")) { session in
            let rows = try await session.rows(
                """
                SELECT c.table_name, c.column_name, c.data_type = 'uuid' AND c.column_name
                        ~ '(^|_)(user|owner|actor|author|reporter|moderator|sender|assignee|person)_id$|_by$|_to$' AS names_person,
                    c.data_type = 'bytea' AS holds_bytes
                FROM information_schema.columns c JOIN pg_class t ON t.oid = format('%I.%I', c.table_schema, c.table_name)::regclass
                WHERE c.table_schema = \(Hearth.name.rawValue) AND t.relkind IN ('r', 'p') AND NOT t.relispartition
                """)
            let columns = try rows.map {
                Column(
                    table: try $0["table_name"], name: try $0["column_name"], namesPerson: try $0["names_person"], holdsBytes: try $0["holds_bytes"])
            }
            return (data, columns)
        }
    }
    #expect(!columns.isEmpty, sourceLocation: sourceLocation)
    let known = Set(columns.map(\.path))
    let declared = Set(data.tables.flatMap { table in table.people.map { "\(table.name).\($0)" } })
    let found = Set(columns.filter(\.namesPerson).map(\.path)).subtracting(data.notPeople)
    #expect(found.subtracting(declared).isEmpty, "no export and no erasure knows of these", sourceLocation: sourceLocation)
    let named = declared.union(data.tables.flatMap { table in (table.key + table.omitting).map { "\(table.name).\($0)" } }).union(data.notPeople)
    #expect(named.subtracting(known).isEmpty, "there are no such columns", sourceLocation: sourceLocation)
    let sealed = Set(SealedColumn.of(Hearth.name).map { "\($0.table).\($0.column)" })
    let lookingSealed = Set(columns.filter(\.looksSealed).map(\.path)).subtracting(plainBytes)
    #expect(lookingSealed.subtracting(sealed).isEmpty, "keys would rotate without these", sourceLocation: sourceLocation)
    #expect(sealed.subtracting(known).isEmpty, "there are no such columns", sourceLocation: sourceLocation)
    #expect(Set(data.tables.map(\.name)).count == data.tables.count, sourceLocation: sourceLocation)
    let heard = Hearing(Hearth.name).byOneCopy
    let hearsOfAgencies = Hearth.name == .auth || heard.contains(AgencyDeleted.name) || heard.contains(Hearing.everything)
    #expect(
        hearsOfAgencies || !columns.contains { $0.name == "agency_id" }, "rows of an agency would outlive it", sourceLocation: sourceLocation)
}

/// Bytes that are neither sealed nor a hash: files and pictures, a salt, what an authenticator shows to everybody.
private let plainBytes: Set<String> = [
    "data_export_chunks.bytes", "user_avatars.bytes", "refresh_tokens.successor_salt", "passkeys.credential_id", "passkeys.public_key",
]

private struct Column: Sendable {
    var table: String
    var name: String
    var namesPerson: Bool
    var holdsBytes: Bool
    /// By its name, or because it holds bytes that are no hash.
    var looksSealed: Bool {
        name.wholeMatch(of: /sealed_.*|.*_sealed|.*_encrypted/) != nil || (holdsBytes && name.wholeMatch(of: /(.*_)?hash/) == nil)
    }
    var path: String { "\(table).\(name)" }
}
