import Foundation
import ServiceKit

extension WebAuthn {
    /// Throws `SettingError` for an origin that no passkey of that domain can come from.
    init(_ settings: Settings, publicURL: String) throws {
        let own = URLComponents(string: publicURL)
        let host = own?.host ?? ""
        let port = own?.port.map { ":\($0)" } ?? ""
        relyingPartyID = settings.string("WEBAUTHN_RP_ID", default: host)
        origins = Set(settings.list("WEBAUTHN_ORIGINS", default: ["\(own?.scheme ?? "https")://\(host)\(port)"]))
        for origin in origins {
            let domain = URLComponents(string: origin)?.host ?? ""
            guard domain == relyingPartyID || domain.hasSuffix("." + relyingPartyID) else {
                throw SettingError("WEBAUTHN_ORIGINS", "holds \(origin), which is not of the domain \(relyingPartyID) (WEBAUTHN_RP_ID)")
            }
        }
    }
}
