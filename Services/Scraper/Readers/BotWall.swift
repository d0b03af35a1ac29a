/// Knows the pages that sites show to what they take for a robot. Hearth does not climb such walls; it says that there is one.
enum BotWall {
    static func stands(in document: HTMLDocument) -> Bool {
        let title = document.first("title")?.source.collapsed.lowercased() ?? ""
        return titles.contains { title.contains($0) } || marks.contains { document.first($0) != nil }
    }

    private static let titles = [
        "ich bin kein roboter", "i am not a robot", "just a moment", "attention required", "pardon our interruption", "access denied",
        "are you a robot", "bist du ein mensch", "zugriff verweigert",
    ]

    /// Challenges that stand on no ordinary page (a captcha in a sign-in form does not count).
    private static let marks: [HTMLSelector] = [
        "#challenge-form", "#distilCaptchaForm", "#px-captcha", "[name=ddcaptcha]", "#captcha-box.main__captcha",
    ]
}
