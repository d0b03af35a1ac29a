extension Validation {
    /// Checks a value that was not decoded as a body of its own, such as the result of a patch. Throws `APIError.invalid`.
    public static func check(_ value: some Validated) throws {
        var check = Validation()
        value.validate(&check)
        try check.finish()
    }
}
