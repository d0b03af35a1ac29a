import Postgres

/// `users.role`: the only role that reaches across tenants.
public enum PlatformRole: String, WireEnumeration, PostgresEnumeration {
    case user, moderator, administrator
}
