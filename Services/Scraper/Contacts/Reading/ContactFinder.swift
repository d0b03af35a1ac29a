import ContactValues
import Foundation

/// Finds in a text whom to turn to. Blocking, as long texts take their time.
struct ContactFinder: Sendable {
    /// Hosts whose own addresses are nobody's: the portal that the page is of.
    var ownHosts: Set<String> = []
    /// Values below this are no finds.
    var minimumConfidence = 0.4

    /// Nil when nobody can be reached by what the text states.
    func find(in source: ReadText) -> FoundPerson? {
        // Of two that are equally sure the first is taken: what a link says was meant to be called.
        var found = links(source) + emails(source) + phones(source) + websites(source) + names(source) + addresses(source)
        for index in found.indices {
            if let range = found[index].range { found[index].confidence *= source.confidence(in: range) }
        }
        var best: [ContactField: FoundValue] = [:]
        for value in found where value.confidence >= minimumConfidence && !isOwn(value.value) {
            if let known = best[value.value.field], known.confidence >= value.confidence { continue }
            best[value.value.field] = value
        }
        let person = FoundPerson(values: best, type: type(source.text), excerpt: excerpt(best, source))
        return person.isReachable ? person : nil
    }

    // The portal's own support address, and addresses that nobody reads.
    private func isOwn(_ value: ContactValue) -> Bool {
        switch value.field {
        case .email:
            guard let email = EmailAddress(value.text) else { return true }
            return email.isUnattended || email.problem != nil || ownHosts.contains(email.registrableDomain ?? email.domain)
        case .website:
            guard let website = WebAddress(value.text) else { return true }
            return website.problem != nil || ownHosts.contains(website.registrableDomain ?? website.host)
        default: return false
        }
    }

    private func emails(_ source: ReadText) -> [FoundValue] {
        let text = source.text
        let plain = Self.email.matches(text).compactMap { match -> FoundValue? in
            ContactValue(.email, match.text).map { FoundValue(value: $0, manner: .plain, confidence: 0.9, range: match.range) }
        }
        let hidden = Self.hiddenEmail.matches(text).compactMap { match -> FoundValue? in
            guard match.groups.count >= 2 else { return nil }
            let domain = Self.hiddenDot.replace(in: match.groups[1], with: ".")
            return ContactValue(.email, "\(match.groups[0])@\(domain)").map {
                FoundValue(value: $0, manner: .obfuscated, confidence: 0.8, range: match.range)
            }
        }
        guard source.method == .ocr else { return plain + hidden }
        // Recognised letters stand as far apart as they look: "hans.meier@ wohnen-beispiel.de".
        let spaced = Self.spacedEmail.matches(text).compactMap { match -> FoundValue? in
            guard match.groups.count >= 2 else { return nil }
            return ContactValue(.email, "\(match.groups[0])@\(match.groups[1])").map {
                FoundValue(value: $0, manner: .plain, confidence: 0.75, range: match.range)
            }
        }
        return plain + hidden + spaced
    }

    private func phones(_ source: ReadText) -> [FoundValue] {
        PhoneNumber.all(in: source.text).compactMap { match in
            let before = Self.before(match.range, in: source.text, 24)
            guard !Self.fax.isFound(in: before), let value = ContactValue(.phone, match.phone.e164) else { return nil }
            let isLabelled = Self.phoneLabel.isFound(in: before)
            let isService = match.phone.kind == .service
            return FoundValue(
                value: value, manner: isLabelled ? .labelled : .plain, confidence: isService ? 0.4 : isLabelled ? 0.95 : 0.8, range: match.range)
        }
    }

    private func websites(_ source: ReadText) -> [FoundValue] {
        Self.website.matches(source.text).compactMap { match in
            let text = match.text.trimmingCharacters(in: CharacterSet(charactersIn: ".,;:!?)"))
            let isLabelled = Self.webLabel.isFound(in: Self.before(match.range, in: source.text, 24))
            return ContactValue(.website, text).map {
                FoundValue(value: $0, manner: isLabelled ? .labelled : .plain, confidence: isLabelled ? 0.85 : 0.6, range: match.range)
            }
        }
    }

    private func names(_ source: ReadText) -> [FoundValue] {
        let labelled = Self.labelledName.matches(source.text).compactMap { match -> FoundValue? in
            guard let name = match.groups.first, let range = match.groupRanges.first, let value = ContactValue(.name, name) else { return nil }
            return FoundValue(value: value, manner: .labelled, confidence: 0.85, range: range)
        }
        let addressed = Self.addressedName.matches(source.text).compactMap { match -> FoundValue? in
            ContactValue(.name, match.text).map { FoundValue(value: $0, manner: .plain, confidence: 0.6, range: match.range) }
        }
        return labelled + addressed
    }

    /// On a page about a home most addresses are the home's: only one that stands with whom to turn to is theirs.
    private func addresses(_ source: ReadText) -> [FoundValue] {
        Self.address.matches(source.text).compactMap { match in
            guard Self.addressLabel.isFound(in: Self.before(match.range, in: source.text, 250)) else { return nil }
            return ContactValue(.address, match.text.replacing("\n", with: ", ")).map {
                FoundValue(value: $0, manner: .labelled, confidence: 0.7, range: match.range)
            }
        }
    }

    private func links(_ source: ReadText) -> [FoundValue] {
        source.links.compactMap { link in
            let target = link.drop { $0 != ":" }.dropFirst().prefix { $0 != "?" }
            let field: ContactField = link.lowercased().hasPrefix("tel:") ? .phone : .email
            guard let value = ContactValue(field, String(target)) else { return nil }
            return FoundValue(value: value, manner: .link, confidence: 0.95, range: nil)
        }
    }

    private func type(_ text: String) -> String {
        for (pattern, type) in Self.types where pattern.isFound(in: text) { return type }
        return "contact_person"
    }

    private func excerpt(_ values: [ContactField: FoundValue], _ source: ReadText) -> String {
        let ranges = values.values.compactMap(\.range)
        guard let first = ranges.map(\.lowerBound).min(), let last = ranges.map(\.upperBound).max() else {
            return source.links.joined(separator: "\n")
        }
        let bytes = Array(source.text.utf8)
        return String(decoding: bytes[max(0, first - 80)..<min(bytes.count, min(last + 80, first + 1000))], as: UTF8.self)
    }

    private static func before(_ range: Range<Int>, in text: String, _ count: Int) -> String {
        let bytes = text.utf8
        let end = bytes.index(bytes.startIndex, offsetBy: range.lowerBound)
        let start = bytes.index(end, offsetBy: -min(count, range.lowerBound))
        return String(decoding: Array(bytes[start..<end]), as: UTF8.self)
    }

    private static let email = TextPattern(#"(?<![\w.+%-])[A-Za-z0-9._%+-]{1,64}@(?:[\p{L}0-9-]{1,63}\.){1,6}[\p{L}]{2,24}(?![\p{L}0-9])"#)
    private static let hiddenDot = TextPattern(#"\s*(?:[\[({<]\s*(?:dot|punkt|\.)\s*[\])}>]|\s(?:dot|punkt)\s)\s*"#)
    private static let hiddenEmail = TextPattern(
        #"(?<![\w.+%-])([A-Za-z0-9._%+-]{1,64})(?:\s*[\[({<]\s*(?:at|ät|@|klammeraffe)\s*[\])}>]\s*|\s+at\s+(?=[a-z0-9-]+\s*(?:[\[({<]|\sdot\s|\spunkt\s)))"#
            + #"([\p{L}0-9-]{1,63}(?:(?:\.|\s*[\[({<]\s*(?:dot|punkt|\.)\s*[\])}>]\s*|\s(?:dot|punkt)\s)[\p{L}0-9-]{1,63}){1,5})"#)
    private static let spacedEmail = TextPattern(
        #"(?<![\w.+%-])([A-Za-z0-9._%+-]{1,64})[ \t]{0,2}@[ \t]{0,2}((?:[\p{L}0-9-]{1,63}\.){1,6}[\p{L}]{2,24})(?![\p{L}0-9])"#)
    private static let website = TextPattern(#"(?<![@\w.])(?:https?://|www\.)[^\s<>"'|]{4,500}"#)
    private static let fax = TextPattern(#"(?:fax|telefax)\W*[^\d]{0,12}$"#)
    private static let phoneLabel = TextPattern(#"\b(?:tel|telefon|fon|phone|mobil|mobile|handy|ruf|rufnummer|festnetz|whatsapp|t|m)\b[^\d]{0,12}$"#)
    private static let webLabel = TextPattern(#"\b(?:web|website|webseite|homepage|internet|www|online)\b[^\d]{0,12}$"#)
    private static let addressLabel = TextPattern(
        #"impressum|kontakt|anbieter|vermieter|eigentümer|makler|hausverwaltung|verwaltung|ansprechpartner|anschrift|büro|firmensitz"#)
    private static let word = #"[A-ZÄÖÜ][\p{L}'’-]{1,30}"#
    private static let labelledName = TextPattern(
        #"(?:ihre?[ \t]+)?\b(?:ansprechpartner(?:in)?|kontaktperson|kontakt|vermieter(?:in)?|eigentümer(?:in)?|anbieter(?:in)?|makler(?:in)?|name)\b[ \t]*[:\n][ \t\n]*"#
            + #"((?-i:(?:(?:Herrn?|Frau|Familie|Dr\.|Prof\.|Dipl\.-[A-Z][a-z]+\.)[ \t]+)*"# + word
            + #"(?:[ \t]+(?:von|van|de|der|zu|&|und|[A-Z]\.|"# + word + #")){0,4}))"#)
    private static let addressedName = TextPattern(
        #"(?-i:\b(?:Herrn?|Frau|Familie)[ \t]+(?:(?:Dr\.|Prof\.)[ \t]+)*"# + word + #"(?:[ \t]+"# + word + #"){0,2})"#)
    private static let address = TextPattern(
        #"(?-i:[A-ZÄÖÜ][\p{L}.'’-]{1,40}(?:[ \t]+[\p{L}.'’-]{1,40}){0,3}?[ \t]+\d{1,4}[ \t]?[a-zA-Z]?(?:[ \t]?[-/+][ \t]?\d{1,4}[a-zA-Z]?)?)"#
            + #"[ \t]*[,\n]\s*(?:D-)?\d{5}[ \t]+(?-i:[A-ZÄÖÜ][\p{L}.'’-]{1,40}(?:[ \t]+(?:am|an|der|im|a\.|d\.|ob|[A-ZÄÖÜ][\p{L}.'’-]{1,40})){0,3})"#)
    private static let types: [(TextPattern, String)] = [
        (TextPattern(#"\b(?:makler|maklerin|immobilien gmbh|hausverwaltung|immobilienbüro|provision)"#), "agent"),
        (TextPattern(#"\bvermieter|\bvermietet von\b"#), "landlord"), (TextPattern(#"\beigentümer|von privat"#), "owner"),
    ]
}
