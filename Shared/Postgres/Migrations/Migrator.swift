/// Applies the numbered `.sql` files of one schema, one runner at a time (advisory lock), each in a transaction, and keeps
/// `<schema>.schema_migrations` (id, version, description, applied_at, applied_by, checksum, and the way back as it was then).
///
/// A file is `0001_description.sql`: the way up, a line `-- migrate:down`, the way back. It runs as the schema's owner.
public struct Migrator: Sendable {
    private let schema: String
    private let owner: String
    private let directories: [String]

    /// - Parameters:
    ///   - schema: an existing schema.
    ///   - owner: the role that owns it; the session's role must be able to become it.
    ///   - directories: folders of migrations; versions are unique across them.
    public init(schema: String, owner: String, directories: [String]) {
        self.schema = schema
        self.owner = owner
        self.directories = directories
    }

    /// Applies what is missing; returns the versions applied. Throws `MigrationError` when an applied file has changed or is older than one applied
    /// already, and `PostgresError` when a statement fails; that migration is then undone, those before it stay.
    public func migrate(_ session: PostgresSession) async throws -> [String] {
        let files = try MigrationFile.read(directories)
        return try await alone(session) {
            let applied = try await applied(session)
            if let changed = try await statuses(of: files, applied: applied, session).first(where: { $0.state == .changed }) {
                throw MigrationError("\(schema): migration \(changed.version) (\(changed.description)) has changed since it was applied")
            }
            let newest = applied.last?.version ?? ""
            let missing = files.filter { file in !applied.contains { $0.version == file.version } }
            if let late = missing.first(where: { $0.version < newest }) {
                throw MigrationError("\(schema): migration \(late.version) (\(late.description)) is older than \(newest), which is applied already")
            }
            for file in missing {
                try await asOwner(session, running: file.up, of: file.version) {
                    _ = try await session.execute(
                        """
                        INSERT INTO \(table) (version, description, applied_by, checksum, down_sql)
                        VALUES (\(file.version), \(file.description), session_user, \(Self.checksum(file.text)), \(file.down))
                        """)
                }
            }
            return missing.map(\.version)
        }
    }

    /// Takes back the last `steps` migrations (all when nil), each by the way back that was kept when it was applied; returns the versions taken back.
    public func rollback(_ session: PostgresSession, steps: Int?) async throws -> [String] {
        try await alone(session) {
            let applied = try await applied(session).reversed().prefix(steps ?? .max)
            for migration in applied {
                try await asOwner(session, running: migration.down, of: migration.version) {
                    _ = try await session.execute("DELETE FROM \(table) WHERE version = \(migration.version)")
                }
            }
            return applied.map(\.version)
        }
    }

    /// Every migration that has a file or was applied, in the order of versions. Changes nothing.
    public func status(_ session: PostgresSession) async throws -> [MigrationStatus] {
        let files = try MigrationFile.read(directories)
        let name = "\(SQL.quoted(identifier: schema)).schema_migrations"
        let exists: Bool? = try await session.value("SELECT to_regclass(\(name)) IS NOT NULL")
        return try await statuses(of: files, applied: exists == true ? applied(session) : [], session)
    }

    private var table: SQL { "\(identifier: schema).schema_migrations" }

    private static func checksum(_ text: String) -> SQL { "encode(sha256(convert_to(\(text)::text, 'UTF8')), 'hex')" }

    private func applied(_ session: PostgresSession) async throws -> [AppliedMigration] {
        try await session.all("SELECT version, description, checksum, down_sql FROM \(table) ORDER BY version")
    }

    private func statuses(
        of files: [MigrationFile], applied: [AppliedMigration], _ session: PostgresSession
    ) async throws -> [MigrationStatus] {
        var statuses: [MigrationStatus] = []
        for file in files {
            var state = MigrationStatus.State.pending
            if let migration = applied.first(where: { $0.version == file.version }) {
                let checksum: String? = try await session.value("SELECT \(Self.checksum(file.text))")
                state = checksum == migration.checksum ? .applied : .changed
            }
            statuses.append(MigrationStatus(version: file.version, description: file.description, state: state))
        }
        for migration in applied where !files.contains(where: { $0.version == migration.version }) {
            statuses.append(MigrationStatus(version: migration.version, description: migration.description, state: .missing))
        }
        return statuses.sorted { $0.version < $1.version }
    }

    /// Keeps other runners of the same schema waiting while `body` runs, and makes sure of the table.
    private func alone<Result>(_ session: PostgresSession, _ body: () async throws -> Result) async throws -> Result {
        let key: SQL = "hashtextextended(\("hearth migrations of \(schema)")::text, 0)"
        _ = try await session.execute("SELECT pg_advisory_lock(\(key))")
        let outcome: Swift.Result<Result, any Error>
        do {
            try await asOwner(session, running: Self.tableDefinition, of: "schema_migrations") {}
            outcome = .success(try await body())
        } catch {
            outcome = .failure(error)
        }
        // When the session is lost the server has let the lock go by itself.
        _ = try? await session.execute("SELECT pg_advisory_unlock(\(key))")
        return try outcome.get()
    }

    private func asOwner(
        _ session: PostgresSession, running script: String, of version: String, then: () async throws -> Void
    ) async throws {
        _ = try await session.execute("BEGIN")
        do {
            _ = try await session.execute("SET LOCAL ROLE \(identifier: owner)")
            _ = try await session.execute("SET LOCAL search_path = \(identifier: schema), extensions")
            try await session.script(script)
            try await then()
            _ = try await session.execute("COMMIT")
        } catch {
            _ = try? await session.execute("ROLLBACK")
            guard var failure = error as? PostgresError else { throw error }
            failure.message = "\(schema), migration \(version): \(failure.message)"
            throw failure
        }
    }

    private static let tableDefinition = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            version text NOT NULL UNIQUE,
            description text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now(),
            applied_by text NOT NULL,
            checksum text NOT NULL,
            down_sql text NOT NULL
        );
        -- Others may look at it at most: what stands in down_sql is run as the owner one day. They have more by the schema's default privileges.
        DO $$
        DECLARE
            other text;
        BEGIN
            FOR other IN
                SELECT DISTINCT acl.grantee::regrole::text FROM pg_class, aclexplode(relacl) AS acl
                WHERE oid = 'schema_migrations'::regclass AND acl.grantee NOT IN (0, relowner) AND acl.privilege_type <> 'SELECT'
            LOOP
                EXECUTE 'REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON schema_migrations FROM ' || other;
            END LOOP;
        END $$
        """
}

private struct AppliedMigration: RowDecodable {
    let version: String
    let description: String
    let checksum: String
    let down: String

    init(row: Row) throws {
        version = try row["version"]
        description = try row["description"]
        checksum = try row["checksum"]
        down = try row["down_sql"]
    }
}
