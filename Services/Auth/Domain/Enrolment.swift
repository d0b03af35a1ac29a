import Foundation

/// A factor that waits to be confirmed, in the one answer that shows its key.
struct Enrolment: Codable, Sendable {
    var factor: Factor
    /// The key of an authenticator app in Base32, for who cannot read the picture.
    var secret: String?
    var otpauthURI: String?
    /// The URI as a QR code.
    var qrSVG: String?
    /// Seconds until it has to be confirmed.
    var expiresIn = Lifetimes.enrolment

    enum CodingKeys: String, CodingKey {
        case factor, secret
        case otpauthURI = "otpauth_uri"
        case qrSVG = "qr_svg"
        case expiresIn = "expires_in"
    }

    init(factor: Factor, totp: TOTP? = nil, account: String) {
        self.factor = factor
        guard let totp else { return }
        let uri = totp.uri(account: account, issuer: "Hearth")
        secret = Base32.encode(totp.secret)
        otpauthURI = uri
        qrSVG = QRCode.svg(uri)
    }
}
