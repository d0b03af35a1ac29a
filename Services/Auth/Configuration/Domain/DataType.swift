import Postgres
import ServiceKit

/// What kind of JSON a setting holds.
enum DataType: String, WireEnumeration, PostgresEnumeration {
    case string, number, boolean, object, array

    /// Nil for null.
    init?(of value: JSONValue) {
        switch value {
        case .null: return nil
        case .flag: self = .boolean
        case .number: self = .number
        case .text: self = .string
        case .list: self = .array
        case .object: self = .object
        }
    }
}
