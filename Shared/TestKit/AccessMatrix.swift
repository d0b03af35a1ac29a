import Foundation
import NIOHTTP1
import ServiceKit
import Testing

/// Every operation that a service documents, called by every kind of caller: who may not is refused, and in the right way. An operation without an
/// `x-permission` fails, so a new route is not forgotten.
public struct AccessMatrix: Sendable {
    public let operations: [GuardedOperation]

    public init(openAPI: [UInt8]) throws { operations = try GuardedOperation.all(in: openAPI) }

    /// - Parameter headers: What a kind of caller sends to an operation. The permission is the operation's, if it has one.
    public func hold(
        on service: TestService, agency: UUID, sourceLocation: SourceLocation = #_sourceLocation,
        headers: (AccessCaller, GuardedOperation) async throws -> HTTPHeaders
    ) async throws {
        #expect(!operations.isEmpty, sourceLocation: sourceLocation)
        for operation in operations {
            #expect(operation.rule != nil, "\(operation) says in no x-permission who may call it", sourceLocation: sourceLocation)
            for caller in AccessCaller.allCases {
                let refusal = caller.refusal(of: operation)
                if refusal == nil, operation.isStream { continue }
                var headers = try await headers(caller, operation)
                let hasBody = operation.method != .GET && operation.method != .DELETE
                if hasBody { headers.add(name: "Content-Type", value: "application/json") }
                let answer = try await service.request(
                    operation.method, operation.path(in: agency), body: hasBody ? Array("{}".utf8) : nil, headers: headers)
                let isRight = refusal.map { $0 == answer.status } ?? (![401, 403].contains(answer.status) && answer.status < 500)
                #expect(
                    isRight, "\(operation) by \(caller): \(answer), not \(refusal.map(String.init) ?? "let through")", sourceLocation: sourceLocation)
            }
        }
    }
}

/// Holds the matrix of a service that takes its callers from tokens and sessions alone; `auth`, which makes them, has callers of its own.
public func expectGuarded<Hearth: HearthService>(
    _ service: Hearth.Type, settings: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let settings = ["RATE_LIMIT_USER": "off", "RATE_LIMIT_ANONYMOUS": "off", "RATE_LIMIT_API_KEY": "off"].merging(settings) { _, given in given }
    try await TestService.with(service, settings: settings) { running in
        let agency = UUID.v7()
        let callers = Dictionary(uniqueKeysWithValues: AccessCaller.allCases.map { ($0, $0.caller(in: agency)) })
        try await AccessMatrix(openAPI: Hearth.openAPI).hold(on: running, agency: agency, sourceLocation: sourceLocation) { kind, operation in
            guard let caller = callers[kind], kind != .anonymous else { return [:] }
            let identity = running.identity
            switch kind {
            case .suspended: return ["Authorization": "Bearer " + (try identity.sign(AccessClaims(caller)))]
            case .keyWithScope: return ["X-API-Key": identity.apiKey(for: caller, scopes: Permission.scopes)]
            case .keyWithoutScope:
                let key = identity.apiKey(for: caller, scopes: Permission.scopes.subtracting(operation.permission.map { [$0] } ?? []))
                return ["Authorization": "Bearer " + key]
            default: return ["Authorization": "Bearer " + (try await identity.token(for: caller))]
            }
        }
    }
}

extension GuardedOperation {
    /// The permission that it takes.
    public var permission: Permission? {
        guard case .permission(let permission, _) = rule else { return nil }
        return permission
    }
}

extension AccessCaller {
    fileprivate func caller(in agency: UUID) -> Caller {
        let own = agencyRole.map { [AgencyMembership(agencyID: agency, role: $0)] }
        let other = self == .otherTenant ? [AgencyMembership(agencyID: .v7(), role: .owner)] : []
        return Caller.test(role: platformRole, agencies: own ?? other, emailVerified: self != .unverified)
    }
}
