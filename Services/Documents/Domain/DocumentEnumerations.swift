import Postgres
import ServiceKit

enum DocumentType: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case contract, disclosure, inspection, appraisal, title, insurance, loan, listing, offer, counteroffer, amendment, addendum, closing, deed
    case other
}

enum DocumentVisibility: String, PostgresEnumeration, WireEnumeration {
    case `private`, team, agency, `public`
}

enum DocumentStatus: String, PostgresEnumeration, WireEnumeration {
    case processing, ready, error, archived
}
