/// A German address in parts. What is not stated is nil.
struct PostalAddress: Equatable, Sendable {
    var street: String?
    var houseNumber: String?
    var postalCode: String?
    var city: String?
    var district: String?

    /// Reads "Kölner Straße 223" and the like. A sentence in place of a street is none.
    mutating func readStreet(_ line: String) {
        let line = line.collapsed
        guard !line.isEmpty, !line.lowercased().contains("adresse") else { return }
        let words = line.split(separator: " ")
        // The number begins at the first word after the street's name that starts with a digit, if all that follows belongs to a number.
        if let start = words.indices.dropFirst().first(where: {
            words[$0...].allSatisfy(Self.belongsToNumber) && words[$0].first?.isASCIIDigit == true
        }) {
            street = words[..<start].joined(separator: " ")
            houseNumber = words[start...].joined(separator: " ")
        } else {
            street = line
        }
    }

    /// Takes the five digits off the front of "40477 Düsseldorf …" and gives the rest.
    mutating func readPostalCode(_ line: String) -> String {
        let line = line.collapsed
        let digits = line.prefix { $0.isASCIIDigit }
        guard digits.count == 5 else { return line }
        postalCode = String(digits)
        return line.dropFirst(5).trimmingCharacters(in: .whitespaces)
    }

    /// "223", "12a", "102-110", "3", "a", "+", "1/2"
    private static func belongsToNumber(_ word: Substring) -> Bool {
        if word.count == 1 { return word.first.map { $0.isASCIIDigit || $0.isLetter || "-–/+".contains($0) } ?? false }
        guard word.first?.isASCIIDigit == true || "-–/+".contains(word.first ?? " ") else { return false }
        let letters = word.filter(\.isLetter)
        return letters.count <= 2 && word.allSatisfy { $0.isASCIIDigit || $0.isLetter || "-–/+".contains($0) }
    }
}
