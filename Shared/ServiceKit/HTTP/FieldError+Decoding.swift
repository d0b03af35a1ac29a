import Foundation

extension FieldError {
    /// What a decoder found wrong, without the names of Swift types.
    init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(Self.pointer(context.codingPath + [key]), "required", "is required")
        case .valueNotFound(_, let context):
            self.init(Self.pointer(context.codingPath), "required", "must not be null")
        case .typeMismatch(let type, let context):
            self.init(Self.pointer(context.codingPath), "type", "must be \(Self.name(of: type))")
        case .dataCorrupted(let context):
            let pointer = Self.pointer(context.codingPath)
            if let unknown = context.underlyingError as? UnknownCase {
                self.init(pointer, "unknown_value", "must be one of: \(unknown.allowed.joined(separator: ", "))")
            } else {
                self.init(pointer, "format", "is not a valid value")
            }
        @unknown default:
            self.init("", "format", "is not a valid value")
        }
    }

    /// RFC 6901.
    static func pointer(_ path: [any CodingKey]) -> String {
        path.map { key in
            let part = key.intValue.map(String.init) ?? key.stringValue
            return "/" + part.replacing("~", with: "~0").replacing("/", with: "~1")
        }.joined()
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type, is UUID.Type, is Date.Type: "a string"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type, is Decimal.Type: "a number"
        case is Bool.Type: "true or false"
        case is [Any].Type: "a list"
        case is [String: Any].Type: "an object"
        default: "of another type"
        }
    }
}
