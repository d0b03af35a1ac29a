import Foundation
import Postgres
import ServiceKit

/// What somebody writes to whoever offers a home.
struct ApplicationLetter: Codable, Sendable, Versioned, RowDecodable {
    var subject: String
    var body: String
    var createdAt: Date
    var updatedAt: Date
    var version: Int64

    static let columns: SQL = "subject, body, created_at, updated_at, version"

    init(row: Row) throws {
        subject = try row["subject"]
        body = try row["body"]
        createdAt = try row["created_at"]
        updatedAt = try row["updated_at"]
        version = try row["version"]
    }

    enum CodingKeys: String, CodingKey {
        case subject, body, version
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

/// A letter as its author writes it.
struct LetterDraft: Decodable, Sendable, Validated {
    var subject: String
    var body: String

    func validate(_ check: inout Validation) {
        check.text(subject, "/subject", maximum: 200)
        check.text(body, "/body", maximum: 5000, multiline: true)
    }
}
