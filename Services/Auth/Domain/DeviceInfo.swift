import ServiceKit

/// What a client says of itself when it signs in, so that its owner recognises the session.
struct DeviceInfo: Codable, Sendable, Hashable {
    var name: String?
    var platform: String?
    var appVersion: String?

    enum CodingKeys: String, CodingKey {
        case name, platform
        case appVersion = "app_version"
    }

    func validate(_ check: inout Validation, at pointer: String) {
        check.text(name, "\(pointer)/name", maximum: 100)
        check.text(platform, "\(pointer)/platform", maximum: 100)
        check.text(appVersion, "\(pointer)/app_version", maximum: 50)
    }
}
