/// A statement and the values bound to it.
///
/// Interpolating a value makes a `$n` placeholder and a bind; interpolating another `SQL` nests it; a plain `String`
/// variable can only ever become a bind, so text from outside cannot become syntax.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    public internal(set) var text: String
    public internal(set) var binds: [PostgresValue]
    /// Where each placeholder begins in `text`, in UTF-8 bytes, so that nesting can renumber without reading SQL syntax.
    var placeholders: [Int]

    public init(stringLiteral value: String) {
        self.init(unsafe: value)
    }

    public init(stringInterpolation: Interpolation) {
        self = stringInterpolation.sql
    }

    /// Text that is trusted to be SQL already, such as the content of a migration file. Never pass anything from outside.
    public init(unsafe text: String) {
        self.text = text
        binds = []
        placeholders = []
    }

    /// Fragments with a separator between them; an empty list gives empty SQL.
    public static func joined(_ fragments: [SQL], by separator: SQL = ", ") -> SQL {
        var sql = SQL(unsafe: "")
        for (index, fragment) in fragments.enumerated() {
            if index > 0 { sql.append(separator) }
            sql.append(fragment)
        }
        return sql
    }

    mutating func append(bind value: PostgresValue) {
        binds.append(value)
        placeholders.append(text.utf8.count)
        text += "$"
        text += String(binds.count)
    }

    mutating func append(_ fragment: SQL) {
        var rest = Substring(fragment.text)
        var consumed = 0
        for (offset, value) in zip(fragment.placeholders, fragment.binds) {
            let placeholder = rest.utf8.index(rest.startIndex, offsetBy: offset - consumed)
            text += rest[..<placeholder]
            append(bind: value)
            let tail = rest.utf8[rest.utf8.index(after: placeholder)...]
            let end = tail.firstIndex { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? tail.endIndex
            consumed = offset + rest.utf8.distance(from: placeholder, to: end)
            rest = rest[end...]
        }
        text += rest
    }
}
