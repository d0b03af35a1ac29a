/// Where on a page something stands: the kind of text it was read from, and the way to it.
struct PagePlace: Sendable, Equatable {
    enum Method: String, Sendable, Codable, CaseIterable {
        /// Text or an attribute of the page's markup: a path of elements.
        case markup
        /// A JSON answer, or the page's own state written out as JSON: a JSON path.
        case json
        /// A block of `application/ld+json`: the block and a JSON path.
        case jsonLD = "json_ld"
        /// schema.org data in the attributes of the markup.
        case microdata
        /// The page's address.
        case address
    }

    /// Bytes of a way. Names and ids can be as long as a page, and stand in the way to everything below them: there it is cut.
    static let longest = 1000

    let method: Method
    let path: String

    init(method: Method, path: String) {
        self.method = method
        self.path = path.utf8.count <= Self.longest ? path : String(decoding: path.utf8.prefix(Self.longest), as: UTF8.self)
    }
}
