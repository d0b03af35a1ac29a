import ServiceKit

/// What settings are listed by: a word.
struct SettingCategory: QueryValue {
    let name: String

    init?(query: String) {
        guard query.wholeMatch(of: /[a-z][a-z0-9_]{0,99}/) != nil else { return nil }
        name = query
    }

    static var expectation: String { "a word of a-z, 0-9 and _" }
}
