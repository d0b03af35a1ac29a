import Postgres
import ServiceKit

/// What may be reported and acted on. What auth does not hold itself is hidden by the service that does, when it hears of it.
enum ModeratedEntity: String, WireEnumeration, PostgresEnumeration, QueryValue {
    case user, agency, rescue, pet, application, message, conversation, listing, document, template, rating

    /// What a service hides when it hears that it was removed: catalog, documents, campaigns. Of the others nobody but those concerned sees anything.
    static let removable: [ModeratedEntity] = [.document, .listing, .template]
}
