/// The text exposition format 0.0.4.
struct PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private var text = ""

    mutating func begin(_ name: String, kind: String) { text += "# TYPE \(name) \(kind)\n" }

    mutating func sample(_ name: String, _ labels: String, _ value: String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    consuming func finished() -> String { text }

    /// A label of swift-metrics as a metric's name; the unit or kind is added unless it ends so already.
    static func name(_ label: String, suffix: String = "") -> String {
        let name = identifier(label)
        return name.hasSuffix(suffix) ? name : name + suffix
    }

    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.sorted { $0.0 < $1.0 }
            .map { name, value in
                let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
                return "\(identifier(name))=\"\(escaped)\""
            }
            .joined(separator: ",")
    }

    /// Whole numbers without a fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map(String.init) ?? value.description
    }

    private static func identifier(_ text: String) -> String {
        let cleaned = text.unicodeScalars.map { scalar -> Character in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar == "_" || ("0"..."9").contains(scalar)) ? Character(scalar) : "_"
        }
        guard let first = cleaned.first else { return "_" }
        return (first.isNumber ? "_" : "") + String(cleaned)
    }
}
