import Foundation

/// A mail read back, by rules written apart from those that wrote it.
struct ReadMail {
    var headers: [(name: String, value: String)]
    var body: String

    init(_ raw: String) {
        let parts = raw.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        body = parts.count > 1 ? String(parts[1]) : ""
        headers = parts[0].replacing("\r\n ", with: " ").split(separator: "\r\n").map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (String(line[..<colon]), line[colon...].dropFirst().trimmingCharacters(in: .whitespaces))
        }
    }

    subscript(name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

    /// The parts of a multipart body.
    var parts: [ReadMail] {
        guard let type = self["Content-Type"], let start = type.range(of: "boundary=\""), let end = type[start.upperBound...].firstIndex(of: "\"")
        else { return [] }
        let boundary = "--" + type[start.upperBound..<end]
        return body.components(separatedBy: boundary).dropFirst().dropLast().map { ReadMail(String($0.dropFirst())) }
    }

    /// The body with its transfer encoding undone.
    var content: String {
        switch self["Content-Transfer-Encoding"] {
        case "base64": String(decoding: Data(base64Encoded: body, options: .ignoreUnknownCharacters) ?? Data(), as: UTF8.self)
        case "quoted-printable": Self.unquoted(body)
        default: body
        }
    }

    /// Encoded words decoded; the space between two of them is not part of the text.
    static func decoded(_ header: String) -> String {
        var result = Data()
        var afterWord = false
        for word in header.split(separator: " ", omittingEmptySubsequences: false) {
            if word.hasPrefix("=?UTF-8?B?"), word.hasSuffix("?="), let data = Data(base64Encoded: String(word.dropFirst(10).dropLast(2))) {
                if !afterWord, !result.isEmpty { result += Data(" ".utf8) }
                result += data
                afterWord = true
            } else {
                if !result.isEmpty { result += Data(" ".utf8) }
                result += Data(word.utf8)
                afterWord = false
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func unquoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.replacing("=\r\n", with: "").utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "="), rest.count > 1, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
