/// What somebody shows as a second factor.
enum ShownFactor: Sendable {
    case code(String)
    case signature(AssertionResponse)
}
