import Foundation

/// Why an action holds no longer.
enum LiftCause: Sendable {
    case expired
    case reversed(by: UUID, reason: String)

    var name: String {
        switch self {
        case .expired: "expired"
        case .reversed: "reversed"
        }
    }
}
