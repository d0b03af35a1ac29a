extension String {
    /// At most `length` Unicode scalars, as Postgres' `length()` and `varchar(n)` count; `prefix` counts grapheme clusters, which may hold many.
    public func limited(to length: Int) -> String {
        String(String.UnicodeScalarView(unicodeScalars.prefix(length)))
    }
}
