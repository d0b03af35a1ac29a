import Dispatch

/// A difference hash: for each of eight rows, whether each of nine cells is darker than the next. It changes in few bits when a picture is scaled,
/// compressed anew, brightened or marked a little, and in about half of them between two pictures.
public struct ImageHash: Sendable, Hashable, CustomStringConvertible {
    /// Bytes of a file that are decoded at most.
    public static let maximumSize = 20 << 20
    /// Pixels that are decoded at most; a decoder needs up to six bytes for each.
    public static let maximumPixels = 25_000_000

    public let bits: UInt64

    private static let queue = DispatchQueue(label: "hearth.images", qos: .utility)

    /// The hash of a JPEG or PNG file. Takes up to some tenths of a second of one core: elsewhere than on a thread of one's own use `of(_:)`.
    ///
    /// Throws `ImageError`.
    public init(decoding bytes: [UInt8]) throws(ImageError) {
        guard bytes.count <= Self.maximumSize else { throw .tooLarge }
        let image = try bytes.withUnsafeBufferPointer { (file) throws(ImageError) in
            if file.starts(with: [0xFF, 0xD8, 0xFF]) { return try GrayImage(jpeg: file, maximumPixels: Self.maximumPixels) }
            if file.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return try GrayImage(png: file, maximumPixels: Self.maximumPixels) }
            throw .unknownFormat
        }
        self.init(image)
    }

    /// The hash of a JPEG or PNG file, worked out one after the other on a thread of its own. Throws `ImageError`.
    public static func of(_ bytes: [UInt8]) async throws -> ImageHash {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try ImageHash(decoding: bytes) }) }
        }
    }

    init(_ image: GrayImage) {
        let cells = image.means(columns: 9, rows: 8)
        bits = (0..<8).reduce(into: UInt64(0)) { bits, row in
            for column in 0..<8 { bits = bits << 1 | (cells[row * 9 + column] < cells[row * 9 + column + 1] ? 1 : 0) }
        }
    }

    /// In how many of the 64 bits two pictures differ.
    public func distance(to other: ImageHash) -> Int { (bits ^ other.bits).nonzeroBitCount }

    /// Sixteen hexadecimal digits, as in `ReadListing.imageHashes`.
    public var description: String {
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
