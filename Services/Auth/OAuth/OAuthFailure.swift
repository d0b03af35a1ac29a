/// A provider could not be asked, or what it says is not believed.
struct OAuthFailure: Error, Sendable {
    var reason: String
    /// Whether it might go well another time.
    var isPassing: Bool

    init(_ reason: String, isPassing: Bool = false) {
        self.reason = reason
        self.isPassing = isPassing
    }
}
