import Foundation
import Postgres
import ServiceKit

/// An account as an administrator sees it: who it is, and how it has been used.
struct ManagedUser: Codable, Sendable {
    var user: User
    var lastLoginAt: Date?
    var loginCount: Int
    var failedLoginAttempts: Int
    var lockedUntil: Date?

    enum CodingKeys: String, CodingKey {
        case lastLoginAt = "last_login_at"
        case loginCount = "login_count"
        case failedLoginAttempts = "failed_login_attempts"
        case lockedUntil = "locked_until"
    }

    init(from decoder: any Decoder) throws {
        user = try User(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        lastLoginAt = try container.decodeIfPresent(Date.self, forKey: .lastLoginAt)
        loginCount = try container.decode(Int.self, forKey: .loginCount)
        failedLoginAttempts = try container.decode(Int.self, forKey: .failedLoginAttempts)
        lockedUntil = try container.decodeIfPresent(Date.self, forKey: .lockedUntil)
    }

    func encode(to encoder: any Encoder) throws {
        try user.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(lastLoginAt, forKey: .lastLoginAt)
        try container.encode(loginCount, forKey: .loginCount)
        try container.encode(failedLoginAttempts, forKey: .failedLoginAttempts)
        try container.encodeIfPresent(lockedUntil, forKey: .lockedUntil)
    }
}

extension ManagedUser: Versioned {
    var version: Int64 { user.version }
}

extension ManagedUser: RowDecodable {
    static let columns: SQL = "\(User.columns), last_login_at, login_count, failed_login_attempts, locked_until"

    init(row: Row) throws {
        user = try User(row: row)
        lastLoginAt = try row["last_login_at"]
        loginCount = try row["login_count"]
        failedLoginAttempts = try row["failed_login_attempts"]
        lockedUntil = try row["locked_until"]
    }
}
