import Messaging

/// Where a sign-in comes from.
struct ClientInfo: Sendable {
    var device: DeviceInfo?
    var ipAddress: String?
    var userAgent: String?
    var location: SessionLocation?

    /// The client of the request now being answered.
    static func current(device: DeviceInfo? = nil) -> ClientInfo {
        let origin = Origin.current
        return ClientInfo(
            device: device, ipAddress: origin.clientIP, userAgent: origin.userAgent.map { $0.limited(to: 1000) },
            location: origin.clientCountry.map { SessionLocation(country: $0) })
    }
}
