import Foundation
import ServiceKit

/// Every kind of caller of the access matrix.
public enum AccessCaller: String, CaseIterable, Sendable {
    case anonymous
    /// Their account is suspended, so their sessions have ended; the token itself is good for a while.
    case suspended
    /// Owns the agency; the address is not verified.
    case unverified
    /// Belongs to no agency.
    case stranger
    /// Owns another agency.
    case otherTenant
    case viewer, assistant, agent, admin, owner
    case moderator, administrator
    /// A key of the agency's owner that has every other scope.
    case keyWithoutScope
    case keyWithScope

    /// The caller's role in the agency of the test.
    public var agencyRole: AgencyRole? {
        switch self {
        case .viewer: .viewer
        case .assistant: .assistant
        case .agent: .agent
        case .admin: .admin
        case .owner, .unverified, .keyWithoutScope, .keyWithScope: .owner
        default: nil
        }
    }

    public var platformRole: PlatformRole {
        switch self {
        case .moderator: .moderator
        case .administrator: .administrator
        default: .user
        }
    }

    /// The status that refuses the call; nil when it may pass.
    func refusal(of operation: GuardedOperation) -> Int? {
        guard let rule = operation.rule else { return nil }
        if self == .suspended { return 401 }
        let isKey = self == .keyWithScope || self == .keyWithoutScope
        switch rule {
        case .anybody: return nil
        case .session: return self == .anonymous ? 401 : isKey ? 403 : nil
        case .permission(let permission, let orAnonymous):
            if self == .anonymous { return orAnonymous ? nil : 401 }
            if self == .keyWithoutScope || (isKey && !Permission.scopes.contains(permission)) { return 403 }
            if self == .unverified, Permission.verified.contains(permission) { return 403 }
            return operation.isInAgency ? refusalInAgency(permission) : may(permission) ? nil : 403
        }
    }

    private func may(_ permission: Permission) -> Bool {
        let role = agencyRole ?? (self == .otherTenant ? .owner : nil)
        return Permission.personal.contains(permission) || Permission.of(platformRole).contains(permission)
            || role.map { Permission.of($0).contains(permission) } ?? false
    }

    private func refusalInAgency(_ permission: Permission) -> Int? {
        if self == .administrator { return nil }
        guard let agencyRole else { return 404 }
        return Permission.of(agencyRole).contains(permission) ? nil : 403
    }
}
