import ContactValues

/// A value that a source states, how it states it, and how sure that is.
struct FoundValue: Sendable, Equatable {
    /// How the value stands there.
    enum Manner: String, Sendable {
        /// As it is.
        case plain
        /// Behind a word that says what it is: "Tel.:".
        case labelled
        /// Spelled so that machines pass it by: "name (at) domain [dot] de".
        case obfuscated
        /// In a link to write to or to call.
        case link
    }

    var value: ContactValue
    var manner: Manner
    /// 0…1.
    var confidence: Double
    /// In the UTF-8 of the text; nil for what stands in a link.
    var range: Range<Int>?
}
