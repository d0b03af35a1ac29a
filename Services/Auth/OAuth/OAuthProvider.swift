import Foundation
import ServiceKit

/// Somebody who vouches for people: an OpenID Connect issuer, found by discovery, or a plain OAuth 2 server with a page about the person.
struct OAuthProvider: Sendable {
    /// Of a plain OAuth 2 server.
    struct Endpoints: Sendable {
        var authorization: String
        var token: String
        var userInfo: String
    }

    enum Kind: Sendable {
        case openID(issuer: String)
        case plain(Endpoints)
    }

    /// What it is called in paths and settings: `google`.
    var name: String
    /// What people read.
    var label: String
    var kind: Kind
    var clientID: String
    var clientSecret: String
    var scopes: String
    /// Whether an address that it calls verified, or any of a server that says nothing about it, is one that Hearth believes.
    var trustsEmail: Bool

    /// `OAUTH_PROVIDERS` names them; of each, `OAUTH_<NAME>_CLIENT_ID`, `_CLIENT_SECRET` (or `_FILE`), `_ISSUER` or, for a server without discovery,
    /// `_AUTHORIZATION_URL`, `_TOKEN_URL` and `_USERINFO_URL`, and if need be `_LABEL`, `_SCOPES`, `_TRUST_EMAIL`. What Google, Microsoft and Facebook need
    /// is known. Throws `SettingError`.
    static func all(_ settings: Settings) throws -> [OAuthProvider] {
        try settings.list("OAUTH_PROVIDERS", default: []).map { name in
            guard name.wholeMatch(of: /[a-z][a-z0-9_-]{0,49}/) != nil else {
                throw SettingError("OAUTH_PROVIDERS", "holds \"\(name)\", which is not a name of a-z, 0-9, _ and -")
            }
            return try OAuthProvider(name, settings)
        }
    }

    private init(_ name: String, _ settings: Settings) throws {
        let prefix = "OAUTH_\(name.uppercased().replacing("-", with: "_"))"
        self.name = name
        clientID = try settings.string("\(prefix)_CLIENT_ID")
        clientSecret = try settings.secret("\(prefix)_CLIENT_SECRET")
        label = settings.string("\(prefix)_LABEL", default: name.prefix(1).uppercased() + name.dropFirst())
        let issuers = ["google": "https://accounts.google.com", "microsoft": "https://login.microsoftonline.com/common/v2.0"]
        let issuer = settings.string("\(prefix)_ISSUER", default: issuers[name] ?? "")
        if !issuer.isEmpty {
            kind = .openID(issuer: issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer)
        } else {
            let graph = "https://graph.facebook.com/v23.0"
            let known: [String: String] =
                name == "facebook"
                ? [
                    "AUTHORIZATION": "https://www.facebook.com/v23.0/dialog/oauth", "TOKEN": "\(graph)/oauth/access_token",
                    "USERINFO": "\(graph)/me?fields=id,name,first_name,last_name,email",
                ] : [:]
            func url(_ part: String) throws -> String {
                let setting = "\(prefix)_\(part)_URL"
                return try known[part].map { settings.string(setting, default: $0) } ?? settings.string(setting)
            }
            kind = .plain(Endpoints(authorization: try url("AUTHORIZATION"), token: try url("TOKEN"), userInfo: try url("USERINFO")))
        }
        let standard = if case .plain = kind { "email public_profile" } else { "openid email profile" }
        scopes = settings.string("\(prefix)_SCOPES", default: standard)
        trustsEmail = try settings.bool("\(prefix)_TRUST_EMAIL", default: name == "google")
    }
}
