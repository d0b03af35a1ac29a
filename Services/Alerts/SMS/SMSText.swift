/// What a text message says.
enum SMSText {
    /// Nil for a kind that this version does not know, or when a value is missing.
    static func text(_ kind: String, locale: String, _ values: [String: String]) -> String? {
        guard kind == "security_code", let code = values["code"] else { return nil }
        return locale.hasPrefix("de")
            ? "\(code) ist dein Code bei Hearth. Er gilt zehn Minuten. Gib ihn niemandem weiter."
            : "\(code) is your Hearth code. It is good for ten minutes. Give it to nobody."
    }
}
