import Foundation

/// Reads and writes RFC 3339 and Postgres' ISO timestamps, without a `DateFormatter`.
enum Timestamp {
    /// `YYYY-MM-DD`, `T` or a space, `HH:MM:SS`, a fraction and an offset; a missing offset is UTC when `lenient`.
    static func parse(_ bytes: UnsafeBufferPointer<UInt8>, lenient: Bool) -> Date? {
        var reader = DigitReader(bytes)
        guard let year = reader.number(4...(lenient ? 6 : 4)), reader.take("-"), let month = reader.number(2...2), reader.take("-"),
            let day = reader.number(2...2), reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.number(2...2), reader.take(":"), let minute = reader.number(2...2), reader.take(":"),
            let second = reader.number(2...2),
            (1...12).contains(month), day >= 1, day <= CivilDate.daysIn(month: month, of: year), hour < 24, minute < 60, second <= 60
        else { return nil }
        var nanoseconds = 0
        if reader.take(".") {
            guard let fraction = reader.fraction() else { return nil }
            nanoseconds = fraction
        }
        guard let offset = reader.offset(lenient: lenient), reader.atEnd else { return nil }
        let seconds = CivilDate.days(year: year, month: month, day: day) * 86_400 + hour * 3_600 + minute * 60 + second - offset
        // The reference date keeps the sum small, so that microseconds survive in a Double.
        return Date(timeIntervalSinceReferenceDate: Double(seconds - 978_307_200) + Double(nanoseconds) / 1e9)
    }

    /// UTC with `digits` of fraction (3 or 6), ending in Z. Nil beyond the years 1 to 9999 (JSON) or what Postgres can hold.
    static func format(_ date: Date, digits: Int) -> String? {
        let scale = digits == 3 ? 1_000 : 1_000_000
        let scaled = (date.timeIntervalSinceReferenceDate * Double(scale)).rounded()
        guard scaled.isFinite, abs(scaled) < 9e18 / 2 else { return nil }
        let units = Int(scaled) + 978_307_200 * scale
        let seconds = units.dividedDown(by: scale)
        let days = seconds.dividedDown(by: 86_400)
        let (year, month, day) = CivilDate.date(days: days)
        guard (1...9999).contains(year) else { return nil }
        let clock = seconds - days * 86_400
        return String(unsafeUninitializedCapacity: 21 + digits) { buffer in
            var writer = DigitWriter(buffer)
            writer.write(year, digits: 4, then: "-")
            writer.write(month, digits: 2, then: "-")
            writer.write(day, digits: 2, then: "T")
            writer.write(clock / 3_600, digits: 2, then: ":")
            writer.write(clock / 60 % 60, digits: 2, then: ":")
            writer.write(clock % 60, digits: 2, then: ".")
            writer.write(units - seconds * scale, digits: digits, then: "Z")
            return writer.count
        }
    }
}

extension Int {
    func dividedDown(by divisor: Int) -> Int { self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor) }
}
