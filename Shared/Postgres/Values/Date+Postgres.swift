import Foundation

/// `timestamptz`, to the microsecond. `infinity` reads as `distantFuture`, `-infinity` as `distantPast`, and the other way round.
extension Date: PostgresCodable {
    public static var postgresType: PostgresType { .timestamptz }

    public var postgresValue: PostgresValue {
        .init(
            self == .distantFuture
                ? "infinity"
                : self == .distantPast
                    ? "-infinity"
                    // A date that no calendar year names is left for the server to refuse.
                    : Timestamp.format(self, digits: 6) ?? "out of range: \(timeIntervalSince1970)", type: .timestamptz)
    }

    public init(postgresBytes bytes: UnsafeBufferPointer<UInt8>) throws {
        if let date = Timestamp.parse(bytes, lenient: true) {
            self = date
        } else if bytes.elementsEqual("infinity".utf8) {
            self = .distantFuture
        } else if bytes.elementsEqual("-infinity".utf8) {
            self = .distantPast
        } else {
            throw UnreadableValue(type: Date.self)
        }
    }
}
