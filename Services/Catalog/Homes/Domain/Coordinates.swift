import Foundation

/// A place on earth, in degrees.
struct Coordinates: Sendable, Hashable {
    var latitude: Double
    var longitude: Double

    /// On a sphere of the earth's mean radius.
    func metres(to other: Coordinates) -> Double {
        let (from, to) = (latitude * .pi / 180, other.latitude * .pi / 180)
        let (dLatitude, dLongitude) = (to - from, (other.longitude - longitude) * .pi / 180)
        let haversine = pow(sin(dLatitude / 2), 2) + cos(from) * cos(to) * pow(sin(dLongitude / 2), 2)
        return 2 * 6_371_008.8 * asin(min(1, haversine.squareRoot()))
    }
}
