import CPhoneNumber

/// A telephone number, read by libphonenumber.
public struct PhoneNumber: Sendable, Hashable {
    public enum Kind: String, Sendable, Codable {
        case fixedLine = "fixed_line"
        case mobile
        case fixedOrMobile = "fixed_or_mobile"
        /// Toll-free, premium, shared cost, voice mail and the like: no person's own.
        case service
        case unknown
    }

    /// A number in a text, and where: offsets in its UTF-8.
    public struct Match: Sendable, Hashable {
        public let phone: PhoneNumber
        public let range: Range<Int>
    }

    /// Where a number without a country's code is dialled.
    public static let homeRegion = "DE"
    static let longestText = 250

    /// `+4930901820`
    public let e164: String
    /// `030 901820`
    public let national: String
    /// ISO 3166-1 alpha-2; nil for a number of no country.
    public let region: String?
    public let kind: Kind
    /// Whether the plan of numbers of its country knows it; otherwise only its length is right.
    public let isValid: Bool

    /// Nil when the text is no number.
    public init?(_ text: String, region: String = PhoneNumber.homeRegion) {
        guard text.utf8.count <= Self.longestText else { return nil }
        var phone = hearth_phone()
        guard hearth_phone_parse(text, region, &phone) else { return nil }
        self.init(phone)
    }

    /// The valid numbers that a text mentions, in their order. Blocking, and bounded by `most` and by the length of the text.
    public static func all(in text: String, region: String = PhoneNumber.homeRegion, most: Int = 32) -> [Match] {
        let matches = [hearth_phone_match](unsafeUninitializedCapacity: most) { buffer, count in
            count = hearth_phone_find(text, region, 4096, buffer.baseAddress, most)
        }
        let end = text.utf8.count
        return matches.compactMap { match in
            guard match.start + match.length <= end else { return nil }
            return Match(phone: PhoneNumber(match.phone), range: match.start..<match.start + match.length)
        }
    }

    private init(_ phone: hearth_phone) {
        e164 = Self.text(phone.e164)
        national = Self.text(phone.national)
        let region = Self.text(phone.region)
        self.region = region.isEmpty ? nil : region
        isValid = phone.is_valid
        kind =
            switch phone.kind {
            case HEARTH_PHONE_FIXED_LINE: .fixedLine
            case HEARTH_PHONE_MOBILE: .mobile
            case HEARTH_PHONE_FIXED_OR_MOBILE: .fixedOrMobile
            case HEARTH_PHONE_SERVICE: .service
            default: .unknown
            }
    }

    private static func text<Tuple>(_ characters: Tuple) -> String {
        withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
