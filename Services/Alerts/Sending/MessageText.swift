/// What a delivery says where there is nothing but text.
enum MessageText {
    /// `limit` is that of the text without the title, in bytes.
    static func of(_ delivery: ClaimedDelivery, limit: Int) -> (title: String, text: String) {
        guard let code = delivery.secret?.code else { return (delivery.content.title, delivery.content.text(limit: limit)) }
        return delivery.content.isGerman
            ? ("Dein Code für Hearth", "\(code) bestätigt diesen Kanal bei Hearth. Der Code gilt zehn Minuten.")
            : ("Your code for Hearth", "\(code) confirms this channel with Hearth. The code is good for ten minutes.")
    }
}
