import Foundation

/// A mail as it arrived, read back.
package struct CaughtMail: Sendable {
    package var headers: [(name: String, value: String)]
    private var body: String

    package init(_ raw: String) {
        let text = raw.replacingOccurrences(of: "\r\n", with: "\n")
        let end = text.range(of: "\n\n")
        let head = end.map { String(text[..<$0.lowerBound]) } ?? text
        body = end.map { String(text[$0.upperBound...]) } ?? ""
        let lines = head.replacingOccurrences(of: "\n ", with: " ").replacingOccurrences(of: "\n\t", with: " ").split(separator: "\n")
        headers = lines.map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
        }
    }

    package subscript(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

    package var subject: String { Self.decoded(self["Subject"] ?? "") }
    package var text: String? { part("text/plain")?.content }
    package var html: String? { part("text/html")?.content }

    /// Where one click ends this kind of mail (RFC 8058).
    package var unsubscribeURL: String? {
        guard let header = self["List-Unsubscribe"], let start = header.firstIndex(of: "<"), let end = header.firstIndex(of: ">") else { return nil }
        return String(header[header.index(after: start)..<end])
    }

    package func part(_ type: String) -> CaughtMail? {
        if self["Content-Type"]?.lowercased().hasPrefix(type) == true { return self }
        return parts.lazy.compactMap { $0.part(type) }.first
    }

    private var parts: [CaughtMail] {
        guard let type = self["Content-Type"], let start = type.range(of: "boundary=") else { return [] }
        let boundary = type[start.upperBound...].prefix { $0 != ";" }.trimmingCharacters(in: ["\"", " "])
        return body.components(separatedBy: "--" + boundary).dropFirst().dropLast().map { CaughtMail(String($0.drop { $0 == "\n" })) }
    }

    /// The body with its transfer encoding undone.
    private var content: String {
        switch self["Content-Transfer-Encoding"]?.lowercased() {
        case "base64": String(decoding: Data(base64Encoded: body, options: .ignoreUnknownCharacters) ?? Data(), as: UTF8.self)
        case "quoted-printable": Self.unquoted(body.replacingOccurrences(of: "=\n", with: ""))
        default: body
        }
    }

    /// RFC 2047's encoded words; the space between two of them is none.
    private static func decoded(_ header: String) -> String {
        let joined = header.replacing(/\?=\s+=\?/, with: "?==?")
        var data = Data()
        var rest = joined[...]
        while let word = rest.firstMatch(of: /=\?(?i:utf-8)\?([BbQq])\?([^?]*)\?=/) {
            data += Data(rest[..<word.range.lowerBound].utf8)
            let text = String(word.2)
            if word.1.lowercased() == "b" {
                data += Data(base64Encoded: text) ?? Data()
            } else {
                data += Data(unquoted(text.replacingOccurrences(of: "_", with: " ")).utf8)
            }
            rest = rest[word.range.upperBound...]
        }
        return String(decoding: data + Data(rest.utf8), as: UTF8.self)
    }

    private static func unquoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
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
