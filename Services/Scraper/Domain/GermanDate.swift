import Foundation

/// Days as German pages write them, as `YYYY-MM-DD`.
enum GermanDate {
    /// - Parameter today: the day the page was fetched, which is what "ab sofort" means.
    static func parse(_ text: String?, today: Date) -> String? {
        guard let text = text?.collapsed.lowercased(), !text.isEmpty else { return nil }
        if text.contains("sofort") { return iso(today) }
        let words = text.split(whereSeparator: { $0 == " " })
        for word in words {
            let parts = word.split(separator: ".")
            if parts.count == 3, let day = Int(parts[0]), let month = Int(parts[1]), let year = Int(parts[2]) {
                return iso(year: parts[2].count == 2 ? 2000 + year : year, month: month, day: day)
            }
            if let day = isoDay(word) { return day }
        }
        return spelled(words) ?? wholeMonth(words)
    }

    /// The beginning of a day written as "15.07.2026", in Germany's time.
    static func day(_ text: String) -> Date? {
        guard !text.lowercased().contains("sofort"), let day = parse(text, today: .distantPast)?.split(separator: "-").compactMap({ Int($0) }),
            day.count == 3
        else { return nil }
        return berlin.date(from: DateComponents(year: day[0], month: day[1], day: day[2]))
    }

    /// "1. August 2026"
    private static func spelled(_ words: [Substring]) -> String? {
        for index in words.indices.dropLast(2) {
            guard words[index].last == ".", let day = Int(words[index].dropLast()), let month = months.firstIndex(of: String(words[index + 1])),
                let year = Int(words[index + 2].prefix(4))
            else { continue }
            return iso(year: year, month: month + 1, day: day)
        }
        return nil
    }

    /// "Juli 2026": a month begins on its first day.
    private static func wholeMonth(_ words: [Substring]) -> String? {
        for (word, next) in zip(words, words.dropFirst()) {
            guard let month = months.firstIndex(of: String(word)), next.count == 4, let year = Int(next) else { continue }
            return iso(year: year, month: month + 1, day: 1)
        }
        return nil
    }

    private static func isoDay(_ word: Substring) -> String? {
        let parts = word.split(separator: "-")
        guard parts.count == 3, parts[0].count == 4, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]) else { return nil }
        return iso(year: year, month: month, day: day)
    }

    private static func iso(year: Int, month: Int, day: Int) -> String? {
        let components = DateComponents(year: year, month: month, day: day)
        guard (1900...2200).contains(year), let date = berlin.date(from: components) else { return nil }
        let back = berlin.dateComponents([.year, .month, .day], from: date)
        guard back.year == year, back.month == month, back.day == day else { return nil }
        return iso(date)
    }

    private static func iso(_ date: Date) -> String {
        let parts = berlin.dateComponents([.year, .month, .day], from: date)
        return String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
    }

    private static let berlin: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        if let zone = TimeZone(identifier: "Europe/Berlin") { calendar.timeZone = zone }
        return calendar
    }()

    private static let months = [
        "januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember",
    ]
}
