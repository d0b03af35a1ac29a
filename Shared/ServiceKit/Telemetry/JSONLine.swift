import Logging

/// Builds one JSON object on one line from log metadata. A key that is there already keeps its first value.
struct JSONLine {
    private var text = "{"
    private var keys: Set<String> = []

    mutating func add(_ key: String, _ value: Logger.MetadataValue) {
        guard keys.insert(key).inserted else { return }
        if text.utf8.count > 1 { text += "," }
        append(string: key)
        text += ":"
        append(value)
    }

    consuming func finished() -> String { text + "}\n" }

    private mutating func append(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let string): append(string: string)
        case .stringConvertible(let value): append(string: value.description)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                append(value)
            }
            text += "]"
        case .dictionary(let values):
            text += "{"
            for (index, entry) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { text += "," }
                append(string: entry.key)
                text += ":"
                append(entry.value)
            }
            text += "}"
        }
    }

    private mutating func append(string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                text += "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
