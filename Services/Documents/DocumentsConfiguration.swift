import ServiceKit

/// Every setting of this service beyond the platform's.
struct DocumentsConfiguration {
    /// `FILES_PATH`: the folder that holds the files.
    var filesPath: String
    /// `DOCUMENTS_MAXIMUM_SIZE`: the most bytes one upload may have.
    var maximumFileSize: Int64

    init(_ settings: Settings) throws {
        filesPath = try settings.string("FILES_PATH")
        maximumFileSize = Int64(try settings.int("DOCUMENTS_MAXIMUM_SIZE", default: 100 * 1024 * 1024))
    }
}
