import ContactValues
import Foundation
import Postgres
import ServiceKit

/// A contact with its values, sealed as the table has them.
struct SealedContact: Sendable, RowDecodable {
    var contact: Contact
    /// By field; `name` is not among them.
    var values: [ContactField: Data]
    var phoneE164: Data?

    static let columns: SQL = """
        \(Contact.columns), c.phone_encrypted, c.phone_e164_encrypted, c.email_encrypted, c.address_encrypted, c.website_encrypted
        """

    init(row: Row) throws {
        contact = try Contact(row: row)
        values = [:]
        for field in ContactSeals.fields { values[field] = try row[ContactSeals.column(field)] }
        phoneE164 = try row["phone_e164_encrypted"]
    }
}
