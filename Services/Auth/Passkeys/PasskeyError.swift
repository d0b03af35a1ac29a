/// Why what an authenticator says is not believed.
struct PasskeyError: Error, Sendable {
    var reason: String
    init(_ reason: String) { self.reason = reason }
}
