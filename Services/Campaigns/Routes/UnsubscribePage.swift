/// The page that a person sees who follows the link in a mail.
struct UnsubscribePage {
    let state: Unsubscription
    let german: Bool

    var html: String {
        """
        <!doctype html>
        <html lang="\(german ? "de" : "en")">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>Hearth</title>
        <style>body{font:16px/1.5 sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem;color:#2b2a28}button{font:inherit;padding:.6rem 1rem}</style>
        </head>
        <body><h1>Hearth</h1>\(state.unsubscribed ? done : question)</body>
        </html>

        """
    }

    private var done: String {
        german ? "<p>Du bekommst keine E-Mails dieser Art mehr.</p>" : "<p>You will get no more mail of this kind.</p>"
    }

    private var question: String {
        let text = german ? "Möchtest du keine E-Mails dieser Art mehr bekommen?" : "Do you want no more mail of this kind?"
        let button = german ? "Abbestellen" : "Unsubscribe"
        return "<p>\(text)</p><form method=\"post\"><button name=\"List-Unsubscribe\" value=\"One-Click\">\(button)</button></form>"
    }
}
