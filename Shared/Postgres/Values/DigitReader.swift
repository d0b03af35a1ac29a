/// Walks over ASCII digits and punctuation.
struct DigitReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var atEnd: Bool { position == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func number(_ digits: ClosedRange<Int>) -> Int? {
        var value = 0
        var count = 0
        while position < bytes.count, count < digits.upperBound, let digit = digit(at: position) {
            value = value * 10 + digit
            position += 1
            count += 1
        }
        return count >= digits.lowerBound ? value : nil
    }

    /// Digits after the decimal point, as nanoseconds; more than nine are cut.
    mutating func fraction() -> Int? {
        var value = 0
        var count = 0
        while position < bytes.count, let digit = digit(at: position) {
            if count < 9 { value = value * 10 + digit }
            count += 1
            position += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, 9)..<9 { value *= 10 }
        return value
    }

    /// `Z`, `±HH`, `±HH:MM` or `±HH:MM:SS`, in seconds east of UTC. RFC 3339 wants `Z` or `±HH:MM`.
    mutating func offset(lenient: Bool) -> Int? {
        if take("Z") || take("z") { return 0 }
        if atEnd { return lenient ? 0 : nil }
        let sign = take("-") ? -1 : 1
        if sign == 1, !take("+") { return nil }
        guard let hours = number(2...2), hours < 24 else { return nil }
        guard take(":") else { return lenient ? sign * hours * 3_600 : nil }
        guard let minutes = number(2...2), minutes < 60 else { return nil }
        var seconds = 0
        if lenient, take(":") {
            guard let value = number(2...2) else { return nil }
            seconds = value
        }
        return sign * (hours * 3_600 + minutes * 60 + seconds)
    }

    private func digit(at position: Int) -> Int? {
        let digit = bytes[position] &- UInt8(ascii: "0")
        return digit < 10 ? Int(digit) : nil
    }
}
