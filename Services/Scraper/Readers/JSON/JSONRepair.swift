/// Sites write line breaks into JSON strings as they are, which no parser takes.
enum JSONRepair {
    /// Control characters inside strings as escapes; everything else as it was.
    static func escapingControls(_ bytes: [UInt8]) -> [UInt8] {
        var isInString = false
        var isEscaped = false
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            if isInString, byte < 0x20 {
                result += Array("\\u00".utf8) + [hexadecimal(byte >> 4), hexadecimal(byte & 15)]
                isEscaped = false
                continue
            }
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            }
            result.append(byte)
        }
        return result
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 { Array("0123456789abcdef".utf8)[Int(digit)] }
}
