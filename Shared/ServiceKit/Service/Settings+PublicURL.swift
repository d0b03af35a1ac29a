import Foundation

extension Settings {
    /// `PUBLIC_URL`: where people reach the gateway, without a slash at its end; the links in mails begin with it.
    ///
    /// Throws `SettingError` when it is missing, or no `http` or `https` URL of a host (a path may follow).
    public func publicURL() throws -> String {
        let text = try string("PUBLIC_URL")
        guard let url = URLComponents(string: text), ["http", "https"].contains(url.scheme), url.host?.isEmpty == false, url.query == nil,
            url.fragment == nil, url.user == nil
        else { throw SettingError("PUBLIC_URL", "is \"\(text)\", which is not a URL such as https://hearth.example") }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
