/// One bad field: where it is and why it is bad.
public struct FieldError: Error, Sendable, Codable, Hashable {
    /// A JSON pointer (RFC 6901) into the body, or `query/<name>`, `path/<name>`, `header/<name>` for a parameter.
    public var pointer: String
    /// A stable word: `required`, `type`, `format`, `unknown_value`, `length`, `range`, `control_characters`, or the rule's own.
    public var code: String
    /// A sentence's end for people: "must be a string".
    public var detail: String

    public init(_ pointer: String, _ code: String, _ detail: String) {
        self.pointer = pointer
        self.code = code
        self.detail = detail
    }
}
