import Foundation

/// Ways to reach someone, found in running text.
enum ContactText {
    /// The first e-mail address, lower-case.
    static func email(in text: String) -> String? {
        let pattern = /[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}/
        return text.firstMatch(of: pattern).map { String($0.output.0).lowercased() }
    }

    /// A telephone number as stated, tidied of labels; nil when it has too few or too many digits to be one.
    static func phone(_ text: String?) -> String? {
        guard let text else { return nil }
        let kept = text.filter { $0.isASCIIDigit || " +()/-".contains($0) }.collapsed
        return (6...15).contains(kept.count(where: \.isASCIIDigit)) ? kept : nil
    }
}
