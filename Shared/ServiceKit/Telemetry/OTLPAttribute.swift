import Tracing

/// A key and a value, `{"key": …, "value": {"stringValue": …}}`.
struct OTLPAttribute: Encodable {
    struct Value: Encodable {
        var stringValue: String?
        var boolValue: Bool?
        /// 64-bit numbers are text in this JSON.
        var intValue: String?
        var doubleValue: Double?
    }

    var key: String
    var value: Value

    init(_ key: String, _ attribute: SpanAttribute) {
        self.key = key
        value =
            switch attribute {
            case .int32(let number): Value(intValue: String(number))
            case .int64(let number): Value(intValue: String(number))
            case .double(let number): Value(doubleValue: number.isFinite ? number : 0)
            case .bool(let flag): Value(boolValue: flag)
            case .string(let text): Value(stringValue: text)
            case .stringConvertible(let value): Value(stringValue: value.description)
            // Lists, which nothing here makes, go as text.
            default: Value(stringValue: String(describing: attribute))
            }
    }

    /// In the order of the keys.
    static func list(_ attributes: SpanAttributes) -> [OTLPAttribute] {
        var list: [OTLPAttribute] = []
        attributes.forEach { list.append(OTLPAttribute($0, $1)) }
        return list.sorted { $0.key < $1.key }
    }
}
