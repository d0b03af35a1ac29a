import Foundation
import Postgres

/// Somebody's picture.
struct Avatar: Sendable {
    /// What browsers show of their own accord, and what a picture has to begin with to be one.
    enum ImageType: String, Sendable, PostgresEnumeration {
        case png = "image/png"
        case jpeg = "image/jpeg"
        case webp = "image/webp"

        var fileExtension: String { rawValue.dropFirst("image/".count).description }

        func isType(of bytes: Data) -> Bool {
            switch self {
            case .png: bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
            case .jpeg: bytes.starts(with: [0xFF, 0xD8, 0xFF])
            case .webp: bytes.starts(with: Array("RIFF".utf8)) && bytes.dropFirst(8).starts(with: Array("WEBP".utf8))
            }
        }
    }

    /// As many as a row may have.
    static let maximumBytes = 512 * 1024

    var id: UUID
    var type: ImageType
    var bytes: Data
}

extension Avatar: RowDecodable {
    static let columns: SQL = "id, content_type, bytes"

    init(row: Row) throws {
        id = try row["id"]
        type = try row["content_type"]
        bytes = try row["bytes"]
    }
}
