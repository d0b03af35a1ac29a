/// A line of the account: what must be, and what is.
struct Entry: Sendable {
    var what: String
    var expected: String
    var found: String
    var balances: Bool

    init(_ what: String, expected: Int, found: Int) {
        self.what = what
        self.expected = String(expected)
        self.found = String(found)
        balances = expected == found
    }

    init(_ what: String, atMost most: Int, found: Int) {
        self.what = what
        expected = "≤ \(most)"
        self.found = String(found)
        balances = found <= most
    }
}
