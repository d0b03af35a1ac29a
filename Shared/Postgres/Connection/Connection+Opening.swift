import CLibPQ
import Foundation

extension Connection {
    /// Connects on a thread where blocking is allowed.
    static func open(
        _ configuration: PostgresConfiguration, direct: Bool, owner: any ConnectionOwner,
        then: @escaping @Sendable (Result<Connection, PostgresError>) -> Void
    ) {
        onThreadOfItsOwn {
            then(connect(configuration, direct: direct, owner: owner))
        }
    }

    static func open(_ configuration: PostgresConfiguration, direct: Bool, owner: any ConnectionOwner) async throws -> Connection {
        try await withCheckedThrowingContinuation { continuation in
            open(configuration, direct: direct, owner: owner) { continuation.resume(with: $0.mapError { $0 as any Error }) }
        }
    }

    private static func connect(
        _ configuration: PostgresConfiguration, direct: Bool, owner: any ConnectionOwner
    ) -> Result<Connection, PostgresError> {
        let settings = configuration.libpqSettings(direct: direct)
        let names = settings.map { strdup($0.name) } + [nil]
        let values = settings.map { strdup($0.value) } + [nil]
        defer { for pointer in names + values { free(pointer) } }
        let handle = PQconnectdbParams(names.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 1)
        guard let handle else { return .failure(PostgresError(.connection, "there is no memory for a connection")) }
        guard PQstatus(handle) == CONNECTION_OK else {
            defer { PQfinish(handle) }
            return .failure(PostgresError(connection: handle))
        }
        // Notices would otherwise be written to standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        return .success(Connection(handle, usesNames: direct || !configuration.pooled, owner: owner))
    }
}

extension PostgresConfiguration {
    /// The database that the URL names, with what Hearth wants of every connection. A pooler gets no `options`: PgBouncer refuses start-up
    /// parameters it does not track, so there the role's own settings (search_path, statement_timeout) hold.
    func libpqSettings(direct: Bool) -> [(name: String, value: String)] {
        var settings = [
            ("dbname", direct ? directURL : url), ("fallback_application_name", applicationName), ("client_encoding", "UTF8"),
            ("connect_timeout", "5"), ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "60000"),
        ]
        if direct || !pooled { settings.append(("options", serverOptions)) }
        return settings.map { (name: $0.0, value: $0.1) }
    }

    private var serverOptions: String {
        let milliseconds = statementTimeout.components.seconds * 1_000 + statementTimeout.components.attoseconds / 1_000_000_000_000_000
        var options = [
            "statement_timeout=\(milliseconds)", "client_min_messages=warning", "TimeZone=UTC", "DateStyle=ISO", "bytea_output=hex",
            "IntervalStyle=postgres",
        ]
        if let schema { options.append("search_path=\(SQL.quoted(identifier: schema)),extensions,public") }
        return options.map { "-c " + $0.replacing("\\", with: "\\\\").replacing(" ", with: "\\ ") }.joined(separator: " ")
    }
}
