/// What a site said of a page, to ask whether it still holds.
struct PageValidators: Sendable, Equatable {
    /// Where the page was in the end: redirects have no validators of their own.
    var url: String
    var etag: String?
    var lastModified: String?
}
