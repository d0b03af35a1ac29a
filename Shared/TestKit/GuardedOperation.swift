import Foundation
import NIOHTTP1
import ServiceKit

/// An operation of an OpenAPI document and who may call it, as its `x-permission` says.
public struct GuardedOperation: Sendable, CustomStringConvertible {
    /// `public`: anybody. `session`: whoever has signed in, and no API key. Otherwise a permission, with `public` before it when visitors may ask as well.
    public enum Rule: Sendable, Equatable {
        case anybody
        case session
        case permission(Permission, orAnonymous: Bool)
    }

    public var method: HTTPMethod
    public var path: String
    /// Nil when it says nothing, or nothing that is known.
    public var rule: Rule?
    /// Whether its answer goes on and on.
    public var isStream: Bool

    public var description: String { "\(method.rawValue) \(path)" }

    /// Whether what it is about belongs to the agency that its path names.
    public var isInAgency: Bool { path.hasPrefix("/v1/agencies/{id}") && rule != .permission(.subscriptionsManage, orAnonymous: false) }

    /// The path with the agency where an agency belongs, and with ids that nothing has elsewhere.
    func path(in agency: UUID) -> String {
        let known = isInAgency ? path.replacing("{id}", with: agency.uuidString.lowercased(), maxReplacements: 1) : path
        return known.replacing(/\{[a-z_]+\}/) { _ in UUID().uuidString.lowercased() }
    }

    /// Every operation of a document.
    public static func all(in openAPI: [UInt8]) throws -> [GuardedOperation] {
        let document = try JSONSerialization.jsonObject(with: Data(openAPI)) as? [String: Any]
        let paths = document?["paths"] as? [String: [String: Any]] ?? [:]
        return paths.flatMap { path, item in
            item.compactMap { method, operation in
                guard ["get", "put", "post", "patch", "delete"].contains(method), let operation = operation as? [String: Any] else { return nil }
                return GuardedOperation(
                    method: HTTPMethod(rawValue: method.uppercased()), path: path, rule: rule(operation["x-permission"] as? String),
                    isStream: isStream(operation))
            }
        }.sorted { $0.description < $1.description }
    }

    private static func rule(_ text: String?) -> Rule? {
        switch text {
        case "public": return .anybody
        case "session": return .session
        default:
            let words = (text ?? "").split(separator: " ")
            guard let permission = words.last.flatMap({ Permission(rawValue: String($0)) }) else { return nil }
            return .permission(permission, orAnonymous: words.first == "public")
        }
    }

    private static func isStream(_ operation: [String: Any]) -> Bool {
        let answers = operation["responses"] as? [String: [String: Any]] ?? [:]
        return answers.values.contains { ($0["content"] as? [String: Any])?["text/event-stream"] != nil }
    }
}
