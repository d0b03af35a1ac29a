import Contracts
import Foundation

/// The SQL of provisioning. Every script is one simple query, hence one transaction, and begins by waiting for the others that run it.
enum DatabaseScripts {
    static let extensions = ["postgis", "pg_trgm", "unaccent", "cube"]

    /// Roles belong to the server: run it on the maintenance database, where the lock is the same for all.
    static func roles(of services: [ServiceName], passwords: [ServiceName: String]) -> String {
        lock + services.map { role(of: $0, password: passwords[$0]) }.joined()
    }

    private static func role(of service: ServiceName, password: String?) -> String {
        let roles = DatabaseRoles(service)
        let signIn = password.map { " PASSWORD \(literal($0))" } ?? ""
        return """
            \(create(roles.owner))\(create(roles.application))\(create(roles.reader))
            ALTER ROLE \(roles.owner) NOLOGIN;
            ALTER ROLE \(roles.reader) NOLOGIN;
            ALTER ROLE \(roles.application) LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS\(signIn);
            ALTER ROLE \(roles.application) SET search_path = \(roles.schema), extensions, public;
            ALTER ROLE \(roles.application) SET statement_timeout = '30s';
            ALTER ROLE \(roles.application) SET idle_in_transaction_session_timeout = '60s';
            ALTER ROLE \(roles.application) SET timezone = 'UTC';

            """
    }

    /// The extensions, and per service a schema with its grants. What a service may do with tables follows from default privileges, so
    /// a migration that takes a right away from one table is not overruled here later.
    static func schemas(of services: [ServiceName], database: String) -> String {
        let installed = extensions.map { "CREATE EXTENSION IF NOT EXISTS \($0) SCHEMA extensions;\n" }.joined()
        return """
            \(lock)CREATE SCHEMA IF NOT EXISTS extensions;
            GRANT USAGE ON SCHEMA extensions TO PUBLIC;
            \(installed)REVOKE ALL ON DATABASE \(identifier(database)) FROM PUBLIC;
            \(services.map { schema(of: $0, database: database) }.joined())
            """
    }

    private static func schema(of service: ServiceName, database: String) -> String {
        let roles = DatabaseRoles(service)
        let both = "\(roles.application), \(roles.reader)"
        let defaults = "ALTER DEFAULT PRIVILEGES FOR ROLE \(roles.owner) IN SCHEMA \(roles.schema)"
        return """
            CREATE SCHEMA IF NOT EXISTS \(roles.schema);
            ALTER SCHEMA \(roles.schema) OWNER TO \(roles.owner);
            GRANT CONNECT, TEMPORARY ON DATABASE \(identifier(database)) TO \(roles.application);
            GRANT CONNECT ON DATABASE \(identifier(database)) TO \(roles.reader);
            GRANT USAGE ON SCHEMA \(roles.schema) TO \(both);
            \(defaults) GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO \(roles.application);
            \(defaults) GRANT USAGE, SELECT ON SEQUENCES TO \(roles.application);
            \(defaults) GRANT SELECT ON TABLES TO \(roles.reader);

            """
    }

    /// The administrator joins the owner's role, as migrations run as the owner; a superuser is a member of every role already.
    private static func create(_ role: String) -> String {
        """
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '\(role)') THEN CREATE ROLE \(role); END IF;
            IF NOT pg_has_role(current_user, '\(role)', 'MEMBER') THEN GRANT \(role) TO CURRENT_USER; END IF;
        END $$;

        """
    }

    private static let lock = "DO $$ BEGIN PERFORM pg_advisory_xact_lock(hashtext('hearth.provisioning')); END $$;\n"

    static func identifier(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }

    /// Sound because `standard_conforming_strings` is on, as it is by default: a backslash means itself.
    static func literal(_ value: String) -> String { "'" + value.replacing("'", with: "''") + "'" }
}
