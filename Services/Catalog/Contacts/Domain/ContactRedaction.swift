import ContactValues

/// Takes a way to reach somebody out of a text, however it is written there.
enum ContactRedaction {
    static let mark = "[…]"

    /// - Parameter keys: the normalised values.
    static func text(_ text: String, without keys: Set<String>) -> String {
        let mails = text.replacing(/[^\s<>()\[\],;:"]{1,64}@[^\s<>()\[\],;:"]{3,253}/) { match in
            // A full stop may end the sentence.
            let address = match.output.trimmingSuffix(while: { $0 == "." })
            let rest = match.output.dropFirst(address.count)
            return ContactValue(.email, String(address)).map { keys.contains($0.key) } == true ? mark + rest : String(match.output)
        }
        return mails.replacing(/\+?\d[\d \/().\-]{4,22}\d/) { match in
            ContactValue(.phone, String(match.output)).map { keys.contains($0.key) } == true ? mark : String(match.output)
        }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while isLeftOut: (Character) -> Bool) -> Substring {
        var text = self
        while let last = text.last, isLeftOut(last) { text.removeLast() }
        return text
    }
}
