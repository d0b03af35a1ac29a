import ContactValues

extension BlacklistKind {
    /// Whether the text can be an entry of this kind.
    func accepts(_ text: String) -> Bool {
        guard self == .domain else { return ContactField(rawValue: rawValue).flatMap { ContactValue($0, text) } != nil }
        return !text.contains("/") && WebAddress(text) != nil
    }
}
