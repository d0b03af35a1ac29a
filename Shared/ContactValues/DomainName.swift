import CPSL

/// Why a domain alone says that nothing can be reached there.
public enum DomainProblem: String, Sendable, Codable {
    /// Its last label is no top-level domain.
    case unknownSuffix = "unknown_suffix"
    /// It is a public suffix itself, such as `co.uk`, or `localhost`.
    case publicSuffix = "public_suffix"
}

/// The rules of domain names, by the public suffix list that libpsl brings along.
enum DomainName {
    /// Labels of letters (of any script), digits and hyphens, two of them at least, and no address of the internet protocol.
    static func isWellFormed(_ domain: String) -> Bool {
        guard (3...253).contains(domain.utf8.count) else { return false }
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy(isLabel), let last = labels.last else { return false }
        return last.count >= 2 && !last.utf8.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } || last.hasPrefix("xn--")
    }

    private static func isLabel(_ label: Substring) -> Bool {
        guard (1...63).contains(label.utf8.count), label.first != "-", label.last != "-" else { return false }
        return label.unicodeScalars.allSatisfy {
            $0 == "-" || ($0.isASCII ? $0.properties.isAlphabetic || $0.properties.numericType != nil : $0.properties.isAlphabetic)
        }
    }

    /// The part that somebody has registered, or why there is none.
    static func registrable(_ domain: String) -> (String?, DomainProblem?) {
        guard let list = psl_builtin() else { return (domain, nil) }
        let suffix = String(domain.split(separator: ".").last ?? "")
        // Without the rule that takes any unknown last label for a suffix.
        guard psl_is_public_suffix2(list, suffix, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0 else { return (nil, .unknownSuffix) }
        // It points into the text that was asked about, and lives no longer than that.
        let registrable = domain.withCString { text in psl_registrable_domain(list, text).map { String(cString: $0) } }
        return registrable.map { ($0, nil) } ?? (nil, .publicSuffix)
    }
}
