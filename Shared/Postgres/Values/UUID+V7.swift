import Foundation
import Synchronization

extension UUID {
    /// A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then a counter that starts at random, then randomness.
    ///
    /// Without a date, ids grow within this process, also when many are made in one millisecond or the clock steps back. With a date,
    /// that date is kept and only the milliseconds order them.
    public static func v7(at date: Date? = nil) -> UUID {
        if let date {
            let milliseconds = UInt64(max(0, date.timeIntervalSince1970 * 1000))
            return UUID(milliseconds: milliseconds, counter: UInt16.random(in: 0...0xFFF))
        }
        let now = UInt64(max(0, Date().timeIntervalSince1970 * 1000))
        let (milliseconds, counter) = lastV7.withLock { last in
            if now > last.milliseconds {
                last = (now, UInt16.random(in: 0...0x7FF))
            } else if last.counter < 0xFFF {
                last.counter += 1
            } else {
                last = (last.milliseconds + 1, UInt16.random(in: 0...0x7FF))
            }
            return last
        }
        return UUID(milliseconds: milliseconds, counter: counter)
    }

    private init(milliseconds: UInt64, counter: UInt16) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        for shift in stride(from: UInt64(40), through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: milliseconds >> shift)) }
        bytes.append(0x70 | UInt8(truncatingIfNeeded: counter >> 8))
        bytes.append(UInt8(truncatingIfNeeded: counter))
        let random = UInt64.random(in: .min ... .max)
        bytes.append(0x80 | UInt8(truncatingIfNeeded: random >> 56) & 0x3F)
        for shift in stride(from: UInt64(48), through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: random >> shift)) }
        self = bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}

private let lastV7 = Mutex<(milliseconds: UInt64, counter: UInt16)>((0, 0))
