import Postgres
import ServiceKit

enum ContactType: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case landlord, agent, owner
    case contactPerson = "contact_person"
}

enum ContactCategory: String, PostgresEnumeration, WireEnumeration {
    case premium, standard, unverified
}

enum ContactFrequency: String, PostgresEnumeration, WireEnumeration {
    case never, rare, regular, frequent
}

enum ExtractionMethod: String, PostgresEnumeration, WireEnumeration {
    case ocr, pdf, manual, api
    case webScraping = "web_scraping"
}

enum VerificationMethod: String, PostgresEnumeration, WireEnumeration {
    case manual, automated
    case crossReference = "cross_reference"
}

/// Why somebody's data may be kept: the six of the GDPR's article 6.
enum LawfulBasis: String, PostgresEnumeration, WireEnumeration {
    case consent, contract
    case legalObligation = "legal_obligation"
    case vitalInterests = "vital_interests"
    case publicTask = "public_task"
    case legitimateInterests = "legitimate_interests"
}

enum ContactScope: String, WireEnumeration, QueryValue {
    case own, shared
}

enum MergeStatus: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case proposed, accepted, rejected, undone
}

enum BlacklistKind: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case phone, email, address, website, domain
}

enum BlacklistSource: String, PostgresEnumeration, WireEnumeration {
    case moderator, objection
}

enum ObjectionStatus: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case pending, accepted, rejected
}

enum ObjectionRequest: String, PostgresEnumeration, WireEnumeration {
    case erasure, objection
}

/// By what a person says who they are.
enum ObjectionKind: String, PostgresEnumeration, WireEnumeration {
    case email, phone
}
