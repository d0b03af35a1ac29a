import Foundation
import Postgres
import ServiceKit

/// What a person asks of the contacts that are them.
struct ContactObjection: Codable, Sendable, RowDecodable {
    var id: UUID
    var kind: ObjectionKind
    var request: ObjectionRequest
    /// Enough of the address or number to recognise it, while it is undecided.
    var hint: String?
    var statement: String?
    var status: ObjectionStatus
    var contactsErased: Int
    var decidedBy: UUID?
    var decidedAt: Date?
    var decisionNote: String?
    var createdAt: Date
    /// Until it is decided.
    var sealedValue: Data?

    static let columns: SQL = """
        o.id, o.kind, o.request, o.statement, o.status, o.contacts_erased, o.decided_by, o.decided_at, o.decision_note, o.created_at, o.value_sealed
        """

    init(row: Row) throws {
        id = try row["id"]
        kind = try row["kind"]
        request = try row["request"]
        statement = try row["statement"]
        status = try row["status"]
        contactsErased = try row["contacts_erased"]
        decidedBy = try row["decided_by"]
        decidedAt = try row["decided_at"]
        decisionNote = try row["decision_note"]
        createdAt = try row["created_at"]
        sealedValue = try row["value_sealed"]
    }

    enum CodingKeys: String, CodingKey {
        case id, kind, request, hint, statement, status
        case contactsErased = "contacts_erased"
        case decidedBy = "decided_by"
        case decidedAt = "decided_at"
        case decisionNote = "decision_note"
        case createdAt = "created_at"
    }

    /// "m…@example.org", "…20".
    static func hint(of value: String, _ kind: ObjectionKind) -> String {
        switch kind {
        case .email: "\(value.prefix(1))…\(value.drop { $0 != "@" })"
        case .phone: "…\(value.suffix(2))"
        }
    }
}
