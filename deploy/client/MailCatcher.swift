import Foundation

/// The catcher that takes Hearth's mails in place of the world.
package struct MailCatcher: Sendable {
    private let http: HearthClient

    package init(_ url: String) { http = HearthClient(baseURL: url) }

    package func mails(to address: String) async throws -> [CaughtMail] {
        var mails: [CaughtMail] = []
        for entry in try await list(to: address) {
            guard let id = entry["id"].string else { continue }
            mails.append(CaughtMail(try await http.send("GET", "/messages/\(id)").text))
        }
        return mails
    }

    /// How many came, without reading them.
    package func count(to address: String) async throws -> Int { try await list(to: address).count }

    /// The first mail to an address that fits.
    package func wait(
        for what: String, to address: String, within limit: Duration = .seconds(60), where fits: (CaughtMail) -> Bool
    ) async throws -> CaughtMail {
        try await Waiting.until("\(what) to \(address)", within: limit) {
            try await mails(to: address).first(where: fits)
        }
    }

    /// A mail as the catcher's index knows it.
    package struct Entry: Sendable {
        package var to: [String]
        package var messageID: String
    }

    /// Everything that came, oldest first, a page at a time.
    package func everything(_ body: (Entry) -> Void) async throws {
        var after = ""
        while true {
            let page = try await http.get("/messages?after=\(after)&limit=5000").items
            for entry in page { body(Entry(to: entry["to"].items.compactMap(\.string), messageID: entry["message_id"].string ?? "")) }
            guard let last = page.last?["id"].string else { return }
            after = last
        }
    }

    private func list(to address: String) async throws -> [JSON] {
        let query = address.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? address
        return try await http.get("/messages?to=\(query)").items
    }
}
