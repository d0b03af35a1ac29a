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

    var method: Method
    var path: String
}
