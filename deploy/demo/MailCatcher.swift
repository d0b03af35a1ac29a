import Foundation

/// The catcher that takes Hearth's mails in place of the world.
struct MailCatcher: Sendable {
    private let http: HearthClient

    init(_ url: String) { http = HearthClient(baseURL: url) }

    func mails(to address: String) async throws -> [CaughtMail] {
        var mails: [CaughtMail] = []
        for entry in try await list(to: address) {
            guard let id = entry["id"].string else { continue }
            mails.append(CaughtMail(try await http.send("GET", "/messages/\(id)").text))
        }
        return mails
    }

    /// How many came, without reading them.
    func count(to address: String) async throws -> Int { try await list(to: address).count }

    /// The first mail to an address that fits.
    func wait(
        for what: String, to address: String, within limit: Duration = .seconds(60), where fits: (CaughtMail) -> Bool
    ) async throws -> CaughtMail {
        try await Waiting.until("\(what) to \(address)", within: limit) {
            try await mails(to: address).first(where: fits)
        }
    }

    private func list(to address: String) async throws -> [JSON] {
        let query = address.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? address
        return try await http.get("/messages?to=\(query)").items
    }
}
