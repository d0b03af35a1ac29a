import Foundation
import ServiceKit

/// A role in an agency and what is given beyond it.
struct Grant: Sendable {
    var role: AgencyRole
    var permissions: [String]

    /// Everything it allows. What this version does not know gives nothing.
    var allows: Set<Permission> {
        Permission.of(role).union(Set(permissions.compactMap(Permission.init(rawValue:))).intersection(Permission.extras))
    }

    /// Nobody gives, takes or changes what they do not have themselves: so an admin never makes, demotes or removes an owner.
    func isWithin(_ caller: Caller, _ agency: UUID) -> Bool { allows.allSatisfy { caller.may($0, in: agency) } }
}

extension Validation {
    /// Extra permissions of a member: known ones, each once.
    mutating func extras(_ permissions: [Permission]?, _ pointer: String) {
        for (index, permission) in (permissions ?? []).enumerated() {
            let allowed = Permission.extras.sorted().map(\.rawValue).joined(separator: ", ")
            self(Permission.extras.contains(permission), "\(pointer)/\(index)", "unknown_value", "must be one of: \(allowed)")
        }
        self(Set(permissions ?? []).count == permissions?.count ?? 0, pointer, "repeated", "must hold each once")
    }
}
