extension LinkPage {
    static let joined = LinkPage(lines: ["Willkommen, du gehörst jetzt dazu.", "Welcome, you belong to it now."])
    static let declined = LinkPage(lines: ["Die Einladung ist abgelehnt.", "The invitation is declined."])
    static let registerFirst = LinkPage(
        lines: [
            "Mit dieser Adresse gibt es noch kein Konto. Registriere dich zuerst mit ihr und öffne dann diesen Link noch einmal.",
            "There is no account with this address yet. Register with it first, then open this link again.",
        ])
    static let notPossible = LinkPage(
        lines: ["Das geht nicht: du gehörst schon dazu, oder es ist kein Platz mehr.", "Not possible: you belong to it already, or it is full."])

    static func invitation(from agency: String, token: String) -> LinkPage {
        LinkPage(
            lines: ["\(agency) lädt dich ein.", "\(agency) invites you."],
            markup: """
                <form method="post" action="/v1/invitations/page"><input type="hidden" name="token" value="\(escaped(token))">
                <p><button name="answer" value="accept">Annehmen · Accept</button>
                <button name="answer" value="decline">Ablehnen · Decline</button></p></form>
                """)
    }
}
