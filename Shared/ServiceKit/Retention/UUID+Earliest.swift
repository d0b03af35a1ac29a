import Foundation

extension UUID {
    /// The least UUIDv7 of a moment: ids below it were made before. A table whose ids are UUIDv7 is read from its oldest rows on by its primary key.
    public static func earliest(at time: Date) -> UUID {
        let milliseconds = UInt64(max(0, time.timeIntervalSince1970 * 1000))
        let bytes = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * UInt64($0))) }
        return UUID(uuid: (bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0))
    }
}
