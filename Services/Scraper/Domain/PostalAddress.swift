/// A German address in parts. What is not stated is nil.
struct PostalAddress: Equatable, Sendable {
    var street: String?
    var houseNumber: String?
    var postalCode: String?
    var city: String?
    var district: String?

    /// Reads "Kölner Straße 223, 40227 Düsseldorf, Oberbilk" and the like: the part with the postal code is the place, what stands before it the
    /// street, what stands after it a district. "Düsseldorf / Oberkassel" and "Düsseldorf - Stockum" name a district of a city.
    mutating func read(line: String) {
        let parts = line.split(separator: ",").map { String($0).collapsed }
        guard let place = parts.firstIndex(where: { $0.prefix(while: \.isASCIIDigit).count == 5 }) else { return }
        if place > 0 { readStreet(parts[0]) }
        readCity(readPostalCode(parts[place]))
        if district == nil, place + 1 < parts.count, parts[place + 1] != city { district = parts[place + 1] }
    }

    /// "Düsseldorf Derendorf" where the city is known to be "Düsseldorf"; where it is not, only a single word is surely one.
    mutating func readPlace(_ text: String, city known: String?) {
        if let known, text == known || text.hasPrefix(known + " ") {
            city = known
            let rest = text.dropFirst(known.count).trimmingCharacters(in: .whitespaces)
            district = rest.isEmpty ? nil : rest
        } else if !text.contains(" "), !text.isEmpty {
            city = text
        }
    }

    /// "Düsseldorf / Oberkassel", "Düsseldorf - Stockum", "Düsseldorf"
    mutating func readCity(_ text: String) {
        let text = text.collapsed
        guard let cut = [" / ", " - ", " – "].lazy.compactMap({ text.range(of: $0) }).first else {
            city = text.isEmpty ? nil : text
            return
        }
        city = String(text[..<cut.lowerBound])
        let rest = String(text[cut.upperBound...])
        district = rest == city ? nil : rest
    }

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
