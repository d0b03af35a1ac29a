import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Character sets by their names, as the system's iconv knows them.
enum Charset {
    /// The text, with U+FFFD for what is none in that set, and how often; nil for a set that nobody knows.
    static func decode(_ bytes: [UInt8], as name: String) -> (text: String, broken: Int)? {
        let name = canonical(name)
        if name == "utf-8" { return utf8(bytes) }
        guard !name.isEmpty, name.utf8.count <= 40, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_:.".contains($0)) }),
            let converter = iconv_open("UTF-8", name), converter != iconv_t(bitPattern: -1)
        else { return nil }
        defer { iconv_close(converter) }
        return convert(bytes, converter)
    }

    /// A page that says Latin-1 means Windows-1252, as in every browser.
    private static func canonical(_ name: String) -> String {
        switch name.lowercased() {
        case "utf-8", "utf8", "unicode-1-1-utf-8": "utf-8"
        case "iso-8859-1", "iso8859-1", "latin1", "l1", "us-ascii", "ascii", "cp1252", "windows-1252": "windows-1252"
        case "utf-16": "utf-16le"
        default: name.lowercased()
        }
    }

    private static func utf8(_ bytes: [UInt8]) -> (text: String, broken: Int) {
        if let text = String(validating: bytes, as: UTF8.self) { return (text, 0) }
        let text = String(decoding: bytes, as: UTF8.self)
        return (text, text.unicodeScalars.count { $0 == "\u{FFFD}" })
    }

    private static func convert(_ bytes: [UInt8], _ converter: iconv_t) -> (text: String, broken: Int) {
        var input = bytes.map { CChar(bitPattern: $0) }
        // No character of any set takes more than four bytes of UTF-8.
        var output = [CChar](repeating: 0, count: bytes.count * 4 + 16)
        var broken = 0
        let used = input.withUnsafeMutableBufferPointer { from in
            output.withUnsafeMutableBufferPointer { to in
                var next: UnsafeMutablePointer<CChar>? = from.baseAddress
                var left = from.count
                var target: UnsafeMutablePointer<CChar>? = to.baseAddress
                var free = to.count
                while left > 0, free > 4 {
                    if iconv(converter, &next, &left, &target, &free) != Int(bitPattern: UInt.max) { break }
                    guard left > 0, let place = target else { break }
                    // What is no character becomes the sign for that, and the rest is read on.
                    broken += 1
                    for (offset, byte) in [0xEF, 0xBF, 0xBD].enumerated() { place[offset] = CChar(bitPattern: UInt8(byte)) }
                    target = place + 3
                    free -= 3
                    next = next.map { $0 + 1 }
                    left -= 1
                }
                return to.count - free
            }
        }
        return (String(decoding: output[..<used].map { UInt8(bitPattern: $0) }, as: UTF8.self), broken)
    }
}
