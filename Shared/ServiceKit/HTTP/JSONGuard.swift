/// One pass over a JSON body before it is decoded: what would hurt the decoder, or the database behind it, is refused here.
///
/// It does not check the grammar, which is the decoder's business; only how deep the nesting goes (the decoder recurses) and whether a
/// string holds NUL, which Postgres cannot store.
struct JSONGuard {
    /// Why a body is refused.
    enum Finding: Equatable {
        case tooDeep
        case holdsNUL
        case notUTF8
    }

    var maximumDepth = 64

    func inspect(_ bytes: UnsafeRawBufferPointer) -> Finding? {
        var depth = 0
        var index = 0
        var isASCII = true
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if depth > maximumDepth { return .tooDeep }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
            case UInt8(ascii: "\""):
                if let finding = skipString(bytes, &index, &isASCII) { return finding }
            case 0:
                return .holdsNUL
            default:
                if byte >= 0x80 { isASCII = false }
            }
        }
        return isASCII || String(validating: bytes, as: UTF8.self) != nil ? nil : .notUTF8
    }

    private func skipString(_ bytes: UnsafeRawBufferPointer, _ index: inout Int, _ isASCII: inout Bool) -> Finding? {
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                return nil
            case UInt8(ascii: "\\"):
                if bytes[index...].starts(with: "u0000".utf8) { return .holdsNUL }
                index += 1
            case 0:
                return .holdsNUL
            default:
                if byte >= 0x80 { isASCII = false }
            }
        }
        return nil
    }
}
