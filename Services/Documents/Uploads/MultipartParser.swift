import Foundation
import NIOCore

/// `multipart/form-data` (RFC 7578) as it arrives, without ever holding more than a delimiter, a part's headers or what was just fed.
struct MultipartParser {
    enum Event: Equatable {
        /// A part begins: its form name, file name and content type.
        case began(name: String, filename: String?, contentType: String?)
        case bytes(ByteBuffer)
        case ended
        case finished
    }

    enum Failure: Error { case malformed }

    private enum State { case preamble, boundary, headers, body, done }

    private static let maximumHeaderBytes = 16 * 1024

    private let delimiter: [UInt8]
    private var buffer: [UInt8]
    private var position = 0
    private var state = State.preamble

    init(boundary: String) {
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter may stand at the very beginning: as if a line had just ended.
        buffer = Array("\r\n".utf8)
    }

    /// The boundary of a `Content-Type`; nil when it is another type or has none.
    static func boundary(of contentType: String) -> String? {
        let parts = contentType.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.first?.lowercased() == "multipart/form-data" else { return nil }
        let parameter = parts.dropFirst().first { $0.lowercased().hasPrefix("boundary=") }
        let value = parameter?.dropFirst("boundary=".count).trimmingCharacters(in: CharacterSet(charactersIn: "\""))
        guard let value, (1...70).contains(value.utf8.count) else { return nil }
        return value
    }

    mutating func feed(_ bytes: ByteBuffer) {
        if position > 0 {
            buffer.removeFirst(position)
            position = 0
        }
        buffer.append(contentsOf: bytes.readableBytesView)
    }

    /// The next event, or nil when more bytes are needed.
    mutating func next() throws -> Event? {
        while true {
            switch state {
            case .preamble:
                guard let found = find(delimiter) else {
                    position = max(position, buffer.count - delimiter.count + 1)
                    return nil
                }
                position = found + delimiter.count
                state = .boundary
            case .boundary:
                guard buffer.count - position >= 2 else { return nil }
                if buffer[position] == UInt8(ascii: "-"), buffer[position + 1] == UInt8(ascii: "-") {
                    state = .done
                    return .finished
                }
                guard let end = find([13, 10]) else {
                    guard buffer.count - position < 256 else { throw Failure.malformed }
                    return nil
                }
                position = end + 2
                state = .headers
            case .headers:
                guard let end = find([13, 10, 13, 10]) else {
                    guard buffer.count - position <= Self.maximumHeaderBytes else { throw Failure.malformed }
                    return nil
                }
                let event = try Self.part(String(decoding: buffer[position..<end], as: UTF8.self))
                position = end + 4
                // What follows may be empty: then the delimiter's line end is the one that ended the headers.
                position -= 2
                skip = 2
                state = .body
                return event
            case .body:
                if let found = find(delimiter) {
                    if let bytes = take(upTo: found) { return .bytes(bytes) }
                    position = found + delimiter.count
                    skip = 0
                    state = .boundary
                    return .ended
                }
                return take(upTo: buffer.count - delimiter.count + 1).map(Event.bytes)
            case .done: return nil
            }
        }
    }

    /// Bytes at `position` that belong to the headers and not to the body.
    private var skip = 0

    private mutating func take(upTo end: Int) -> ByteBuffer? {
        let start = position + skip
        guard end > start else { return nil }
        defer {
            position = end
            skip = 0
        }
        return ByteBuffer(bytes: buffer[start..<end])
    }

    private func find(_ pattern: [UInt8]) -> Int? {
        buffer.withUnsafeBufferPointer { bytes in
            var start = position
            while start + pattern.count <= bytes.count {
                guard let candidate = bytes[start...].firstIndex(of: pattern[0]), candidate + pattern.count <= bytes.count else { return nil }
                if bytes[candidate..<candidate + pattern.count].elementsEqual(pattern) { return candidate }
                start = candidate + 1
            }
            return nil
        }
    }

    private static func part(_ headers: String) throws -> Event {
        var disposition: String?
        var contentType: String?
        for line in headers.components(separatedBy: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            switch line[..<colon].lowercased() {
            case "content-disposition": disposition = value
            case "content-type": contentType = value
            default: break
            }
        }
        guard let disposition, disposition.lowercased().hasPrefix("form-data"), let name = parameter("name", of: disposition) else {
            throw Failure.malformed
        }
        return .began(name: name, filename: parameter("filename", of: disposition), contentType: contentType)
    }

    /// A quoted parameter; browsers write a quote within as `%22`, others as `\"`.
    private static func parameter(_ name: String, of header: String) -> String? {
        guard let start = header.range(of: "; \(name)=\"", options: .caseInsensitive) ?? header.range(of: ";\(name)=\"", options: .caseInsensitive)
        else { return nil }
        var value = ""
        var isEscaped = false
        for character in header[start.upperBound...] {
            if isEscaped {
                value.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                return value.replacing("%22", with: "\"")
            } else {
                value.append(character)
            }
        }
        return nil
    }
}
