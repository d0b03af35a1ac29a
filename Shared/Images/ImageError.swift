/// Why a picture has no hash.
public enum ImageError: Error, Equatable {
    /// Neither JPEG nor PNG, by its first bytes.
    case unknownFormat
    /// More bytes or more pixels than are decoded.
    case tooLarge
    /// It begins like one and is broken, or the decoder refuses it.
    case unreadable
}
