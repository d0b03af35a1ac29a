/// What an issuer says of itself (OpenID Connect Discovery 1.0, § 3).
struct ProviderMetadata: Decodable, Sendable {
    var issuer: String
    var authorizationEndpoint: String
    var tokenEndpoint: String
    var userInfoEndpoint: String?
    var keys: String
    var authenticationMethods: [String]?

    enum CodingKeys: String, CodingKey {
        case issuer
        case authorizationEndpoint = "authorization_endpoint"
        case tokenEndpoint = "token_endpoint"
        case userInfoEndpoint = "userinfo_endpoint"
        case keys = "jwks_uri"
        case authenticationMethods = "token_endpoint_auth_methods_supported"
    }
}
