import Foundation
import ServiceKit

/// One page of found listings, each of them written as JSON already, in the form in which it is answered and cached.
struct ListingPage {
    let json: [UInt8]

    init(items: [[UInt8]], next: String?) {
        var json = Array("{\"items\":[".utf8)
        for (index, item) in items.enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            json += item
        }
        json += Array("],\"next_cursor\":".utf8)
        // A cursor is base64url: nothing in it needs escaping.
        json += Array((next.map { "\"\($0)\"" } ?? "null").utf8)
        json.append(UInt8(ascii: "}"))
        self.json = json
    }
}
