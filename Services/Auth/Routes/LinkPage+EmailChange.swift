extension LinkPage {
    static let takenBack = LinkPage(
        lines: [
            "Dein Konto hat wieder diese Adresse, und alle Geräte sind abgemeldet. Wir haben dir einen Link für ein neues Passwort geschickt.",
            "Your account has this address again, and every device is signed out. We have sent you a link for a new password.",
        ])

    static func takeBack(token: String) -> LinkPage {
        LinkPage(
            lines: ["Hast du die Adresse deines Kontos nicht selbst geändert?", "Was it not you who changed the address of your account?"],
            markup: """
                <form method="post" action="/v1/auth/email-change/take-back/page"><input type="hidden" name="token" value="\(escaped(token))">
                <p><button>Rückgängig machen · Take it back</button></p></form>
                """)
    }
}
