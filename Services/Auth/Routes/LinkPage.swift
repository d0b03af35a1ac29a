import HTTPTypes
import Hummingbird

/// A page of a few lines without scripts, in German and English at once: nobody has told a language yet.
struct LinkPage: Sendable {
    var lines: [String]
    var markup = ""

    static let verified = LinkPage(lines: ["Danke, deine Adresse ist bestätigt.", "Thank you, your address is confirmed."])
    static let passwordSet = LinkPage(lines: ["Dein neues Passwort gilt ab jetzt.", "Your new password is set."])
    static let useless = LinkPage(lines: ["Dieser Link gilt nicht mehr.", "This link is not valid any more."])

    static func refused(_ reasons: [String]) -> LinkPage {
        LinkPage(lines: ["Dieses Passwort geht nicht.", "This password will not do: it \(reasons.joined(separator: ", "))."])
    }

    static func form(action: String, token: String, asksPassword: Bool) -> LinkPage {
        let password = """
            <p><label>Neues Passwort · New password (12+)<br>
            <input type="password" name="password" required minlength="12" maxlength="256" autocomplete="new-password"></label></p>
            """
        return LinkPage(
            lines: asksPassword
                ? ["Wähle ein neues Passwort. Ein Satz ist ein gutes Passwort.", "Choose a new password. A sentence is a good one."]
                : ["Gehört diese Adresse dir?", "Is this address yours?"],
            markup: """
                <form method="post" action="\(action)"><input type="hidden" name="token" value="\(escaped(token))">
                \(asksPassword ? password : "")<p><button>\(asksPassword ? "Speichern · Save" : "Ja, bestätigen · Yes, confirm")</button></p></form>
                """)
    }

    func response(status: HTTPResponse.Status = .ok) -> Response {
        let paragraphs = lines.map { "<p>\(Self.escaped($0))</p>" }.joined(separator: "\n")
        let html = """
            <!doctype html>
            <html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title></head>
            <body><h1>Hearth</h1>
            \(paragraphs)
            \(markup)
            </body></html>

            """
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
            .contentSecurityPolicy: "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
        ]
        // The address of this page holds a secret.
        if let referrerPolicy = HTTPField.Name("Referrer-Policy") { headers[referrerPolicy] = "no-referrer" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
