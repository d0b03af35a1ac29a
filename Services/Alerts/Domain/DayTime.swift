import Foundation
import ServiceKit

/// A time of day on a person's clock, "22:30".
struct DayTime: Sendable, Hashable, Codable {
    /// After midnight, 0 to 1439.
    let minutes: Int

    init(minutes: Int) { self.minutes = minutes }

    init?(_ text: String) {
        guard let match = text.wholeMatch(of: /([01][0-9]|2[0-3]):([0-5][0-9])/), let hours = Int(match.1), let minutes = Int(match.2) else {
            return nil
        }
        self.minutes = hours * 60 + minutes
    }

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let time = DayTime(text) else {
            let pointer = "/" + decoder.codingPath.map(\.stringValue).joined(separator: "/")
            throw FieldError(pointer, "format", "must be a time of day such as 22:30")
        }
        self = time
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    var text: String {
        let (hours, rest) = minutes.quotientAndRemainder(dividingBy: 60)
        return (hours < 10 ? "0" : "") + "\(hours):" + (rest < 10 ? "0" : "") + "\(rest)"
    }
}
