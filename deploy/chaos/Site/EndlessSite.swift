import ClientKit

/// A provider's site that has another twenty homes whenever it is asked: `/batch/7/list` names the seventh twenty.
struct EndlessSite: Sendable {
    static let batch = 20

    @Sendable func page(_ path: String, _ query: String) -> ProviderSite.Page? {
        let parts = path.split(separator: "/")
        if path == "/robots.txt" { return .init(type: "text/plain", bytes: Array("User-agent: *\nAllow: /\n".utf8)) }
        if parts.count == 3, parts[0] == "batch", parts[2] == "list", let batch = Int(parts[1]) {
            let items = (batch * Self.batch..<(batch + 1) * Self.batch).map { number in
                #"{"type":"EXPOSE_RESULT","item":{"id":"\#(GeneratedListing(number: number).id)"}}"#
            }
            return json(#"{"pageNumber":1,"numberOfPages":1,"resultListItems":[\#(items.joined(separator: ","))]}"#)
        }
        guard parts.count == 2, parts[0] == "expose", let listing = GeneratedListing(id: parts[1]) else { return nil }
        return json(listing.page)
    }

    private func json(_ text: String) -> ProviderSite.Page { .init(type: "application/json", bytes: Array(text.utf8)) }
}
