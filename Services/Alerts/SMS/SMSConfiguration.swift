import Foundation
import ServiceKit

/// How a provider of text messages is spoken to. Whatever takes one HTTP POST a message will do; which members it wants is a template.
struct SMSConfiguration: Sendable {
    /// `SMS_PROVIDER_URL`
    var url: String
    /// `SMS_AUTHORIZATION`: the whole value of the header, such as `Bearer …` or `Basic …`.
    var authorization: String?
    /// `SMS_CONTENT_TYPE`: `application/json`, or `application/x-www-form-urlencoded`.
    var contentType: String
    /// `SMS_BODY`: `{{to}}`, `{{from}}` and `{{text}}` stand for what they say, escaped as the content type asks.
    var body: String
    /// `SMS_SENDER`: a number or name that the provider knows.
    var sender: String

    /// Nil when there is no `SMS_PROVIDER_URL`.
    init?(_ settings: Settings) throws {
        let url = settings.string("SMS_PROVIDER_URL", default: "")
        guard !url.isEmpty else { return nil }
        guard let parsed = URLComponents(string: url), ["http", "https"].contains(parsed.scheme), parsed.host?.isEmpty == false else {
            throw SettingError("SMS_PROVIDER_URL", "is not a URL of a host")
        }
        self.url = url
        authorization = try? settings.secret("SMS_AUTHORIZATION")
        contentType = settings.string("SMS_CONTENT_TYPE", default: "application/json")
        guard ["application/json", Self.form].contains(contentType) else {
            throw SettingError("SMS_CONTENT_TYPE", "is neither application/json nor \(Self.form)")
        }
        let standard =
            contentType == Self.form ? "From={{from}}&To={{to}}&Body={{text}}" : #"{"from":"{{from}}","to":"{{to}}","text":"{{text}}"}"#
        body = settings.string("SMS_BODY", default: standard)
        sender = settings.string("SMS_SENDER", default: "Hearth")
    }

    static let form = "application/x-www-form-urlencoded"

    /// The body for one message.
    func body(to number: String, text: String) -> String {
        [("to", number), ("from", sender), ("text", text)].reduce(body) { $0.replacing("{{\($1.0)}}", with: escaped($1.1)) }
    }

    private func escaped(_ value: String) -> String {
        if contentType == Self.form {
            let unreserved = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
            return value.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
        }
        let quoted = (try? JSONEncoder().encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
        return String(quoted.dropFirst().dropLast())
    }
}
