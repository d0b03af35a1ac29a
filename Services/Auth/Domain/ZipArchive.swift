import Foundation

/// A ZIP archive (APPNOTE 6.3) whose entries are stored as they are: sizes and checksums are known before, so its length is known too and it is written
/// from front to back. Below 4 GiB and 65,535 entries, which its callers see to.
struct ZipArchive: Sendable {
    struct Entry: Sendable {
        var name: String
        var size: UInt32
        var crc32: UInt32
    }

    /// The greatest archive that this form can be.
    static let maximumSize = Int64(UInt32.max) - 1
    static let maximumEntries = 65_000

    let entries: [Entry]
    private let date: (time: UInt16, day: UInt16)

    init(_ entries: [Entry], at time: Date) {
        self.entries = entries
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: time)
        let year = UInt16(clamping: min(max((parts.year ?? 1980) - 1980, 0), 127))
        date = (
            UInt16(parts.hour ?? 0) << 11 | UInt16(parts.minute ?? 0) << 5 | UInt16(parts.second ?? 0) / 2,
            year << 9 | UInt16(parts.month ?? 1) << 5 | UInt16(parts.day ?? 1)
        )
    }

    /// Bytes of the whole archive.
    var size: Int64 {
        entries.reduce(22) { $0 + 30 + 46 + 2 * Int64($1.name.utf8.count) + Int64($1.size) }
    }

    /// What comes before the bytes of an entry.
    func header(_ entry: Entry) -> [UInt8] {
        little(UInt32(0x0403_4B50)) + common(entry) + little(UInt16(0)) + Array(entry.name.utf8)
    }

    /// What comes after the bytes of the last entry.
    func directory() -> [UInt8] {
        var bytes: [UInt8] = []
        var offset: UInt32 = 0
        for entry in entries {
            bytes += little(UInt32(0x0201_4B50)) + little(UInt16(20)) + common(entry)
            // No extra field, comment or further disk; a plain file.
            bytes += [UInt8](repeating: 0, count: 12) + little(offset) + Array(entry.name.utf8)
            offset += 30 + UInt32(entry.name.utf8.count) + entry.size
        }
        let count = UInt16(entries.count)
        let end = little(UInt32(0x0605_4B50)) + little(UInt32(0)) + little(count) + little(count) + little(UInt32(bytes.count)) + little(offset)
        return bytes + end + little(UInt16(0))
    }

    /// Version 2.0, names in UTF-8, stored.
    private func common(_ entry: Entry) -> [UInt8] {
        little(UInt16(20)) + little(UInt16(0x0800)) + little(UInt16(0)) + little(date.time) + little(date.day) + little(entry.crc32)
            + little(entry.size) + little(entry.size) + little(UInt16(entry.name.utf8.count))
    }

    private func little(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number.littleEndian) { Array($0) } }
}
