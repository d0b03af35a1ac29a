/// A member of a merge patch (RFC 7396): absent leaves the field alone, null clears it, a value sets it.
enum Change<Value: Decodable & Sendable>: Sendable {
    case absent
    case clear
    case set(Value)

    var isChange: Bool {
        if case .absent = self { false } else { true }
    }

    var value: Value? {
        if case .set(let value) = self { value } else { nil }
    }
}

extension KeyedDecodingContainer {
    func change<Value: Decodable & Sendable>(_ key: Key) throws -> Change<Value> {
        guard contains(key) else { return .absent }
        return try decodeNil(forKey: key) ? .clear : .set(decode(Value.self, forKey: key))
    }
}
