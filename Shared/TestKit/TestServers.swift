import Foundation

/// The private servers that `make test` starts, found by environment. A test that needs one that is missing fails with the variable's name.
public enum TestServers {
    /// A superuser of the private PostgreSQL: `postgres://postgres@127.0.0.1:PORT/postgres`.
    public static var adminDatabaseURL: String { required("HEARTH_ADMIN_DATABASE_URL") }
    /// PgBouncer in transaction mode in front of the same server, any database.
    public static var pgBouncerURL: String { required("HEARTH_PGBOUNCER_URL") }
    /// `redis://127.0.0.1:PORT`, with 64 databases.
    public static var redisURL: String { required("HEARTH_REDIS_URL") }
    /// An administrator of the private RabbitMQ: `amqp://hearth_admin:PASSWORD@127.0.0.1:PORT`, without a vhost.
    public static var adminBrokerURL: String { required("HEARTH_ADMIN_AMQP_URL") }
    /// Its management API: `http://hearth_admin:PASSWORD@127.0.0.1:PORT`.
    public static var brokerManagementURL: String { required("HEARTH_AMQP_MANAGEMENT_URL") }
    /// The mail catcher: `smtp://127.0.0.1:PORT`.
    public static var smtpURL: String { required("HEARTH_SMTP_URL") }
    /// The catcher's HTTP API: `GET /messages` lists, `GET /messages/{id}` gives the raw mail, `DELETE /messages` forgets.
    public static var mailURL: String { required("HEARTH_MAIL_URL") }

    static func required(_ name: String) -> String {
        guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
            fatalError("\(name) is not set: run the tests with `make test`, which starts the servers they need")
        }
        return value
    }
}
