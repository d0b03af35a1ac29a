/// A day without a time or zone (`date` in SQL, "2026-11-21" in JSON).
public struct CalendarDay: Sendable, Hashable, Comparable, Codable {
    public let year: Int
    public let month: Int
    public let day: Int

    /// Nil when there is no such day in the proleptic Gregorian calendar, or its year is not within 1 to 9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= CivilDate.daysIn(month: month, of: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Reads `YYYY-MM-DD`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        let day = bytes.withUnsafeBufferPointer { CalendarDay(bytes: $0) }
        guard let day else { return nil }
        self = day
    }

    init?(bytes: UnsafeBufferPointer<UInt8>) {
        var reader = DigitReader(bytes)
        guard let year = reader.number(4...4), reader.take("-"), let month = reader.number(2...2), reader.take("-"),
            let day = reader.number(2...2), reader.atEnd
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let day = try CalendarDay(container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a day as YYYY-MM-DD")
        }
        self = day
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    public static func < (a: CalendarDay, b: CalendarDay) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }
}

extension CalendarDay: CustomStringConvertible {
    public var description: String {
        String(unsafeUninitializedCapacity: 11) { buffer in
            var writer = DigitWriter(buffer)
            writer.write(year, digits: 4, then: "-")
            writer.write(month, digits: 2, then: "-")
            writer.write(day, digits: 2, then: " ")
            return writer.count - 1
        }
    }
}

extension CalendarDay: PostgresCodable {
    public static var postgresType: PostgresType { .date }
    public var postgresValue: PostgresValue { .init(description, type: .date) }
    public init(postgresBytes: UnsafeBufferPointer<UInt8>) throws {
        guard let day = CalendarDay(bytes: postgresBytes) else { throw UnreadableValue(type: CalendarDay.self) }
        self = day
    }
}
