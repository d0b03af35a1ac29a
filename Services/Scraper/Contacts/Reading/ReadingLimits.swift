/// What reading one source may cost.
struct ReadingLimits: Sendable {
    /// Bytes of a source.
    var bytes = 20 * 1024 * 1024
    /// Pages of a document.
    var pages = 20
    /// Pages of a document that are recognised where they are pictures.
    var recognisedPages = 3
    /// Pixels of a picture; a larger one is refused before it is unpacked.
    var pixels = 40_000_000
    /// Pixels that are recognised; a larger picture is made smaller first.
    var recognisedPixels = 12_000_000
    /// Of one step: the text of a document, or one picture.
    var time: Duration = .seconds(60)
    /// Memory of a program that reads documents, in bytes.
    var memory = 1 << 30
}
