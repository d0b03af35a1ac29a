import Foundation
import NIOHTTP1
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct AccessTests {
    private static let unlimited = [
        "RATE_LIMIT_USER": "off", "RATE_LIMIT_ANONYMOUS": "off", "RATE_LIMIT_API_KEY": "off", "RATE_LIMIT_ENDPOINTS": "off",
    ]

    @Test func `Whoever may not is refused, on every route`() async throws {
        try await AgencyStage.with(settings: Self.unlimited) { stage in
            let auth = stage.auth
            _ = try await auth.sql("UPDATE agencies SET subscription_tier = 'enterprise' WHERE id = \(stage.agency.id)")
            var signIns: [AccessCaller: SignIn] = [:]
            for kind in AccessCaller.allCases {
                let email = "\(kind.rawValue.lowercased())@access.example.org"
                #expect(try await auth.register(email).status == 202)
                _ = try await auth.sql(
                    "UPDATE users SET email_verified = \(kind != .unverified), role = \(kind.platformRole.rawValue) WHERE email = \(email)")
                if let role = kind.agencyRole {
                    _ = try await auth.sql(
                        """
                        INSERT INTO agency_members (user_id, agency_id, role)
                        SELECT id, \(stage.agency.id), \(role.rawValue) FROM users WHERE email = \(email)
                        """)
                }
                signIns[kind] = try await auth.login(email).json()
            }
            let other = try #require(signIns[.otherTenant])
            #expect(try await auth.service.post("/v1/agencies", ["kind": "rescue", "name": "Paws"], headers: auth.headers(other)).status == 201)
            _ = try await auth.sql("UPDATE users SET status = 'suspended' WHERE email = 'suspended@access.example.org'")
            let keys = try await APIKeys(stage)
            let suspended = try #require(signIns[.suspended])
            try await AccessMatrix(openAPI: AuthService.openAPI).hold(on: auth.service, agency: stage.agency.id) { kind, operation in
                switch kind {
                case .anonymous: return [:]
                case .keyWithScope: return ["X-API-Key": keys.all]
                case .keyWithoutScope:
                    return [
                        "Authorization": "Bearer " + (try #require(keys.without[operation.permission ?? .agencyRead] ?? keys.without[.agencyRead]))
                    ]
                case .suspended: return auth.headers(suspended)
                default:
                    // Some routes end sessions: each call has one of its own.
                    return auth.headers(try await auth.login("\(kind.rawValue.lowercased())@access.example.org").json())
                }
            }
        }
    }

    /// A key with every scope, and for each scope one that has all the others.
    private struct APIKeys: Sendable {
        var all: String
        var without: [Permission: String] = [:]

        init(_ stage: AgencyStage) async throws {
            func make(_ scopes: Set<Permission>) async throws -> String {
                let body = NewKey(permissions: scopes.sorted().map(\.rawValue), agencyID: stage.agency.id)
                return try await stage.auth.service.post("/v1/api-keys", body, headers: stage.headers(stage.owner)).json(MadeAPIKey.self).key
            }
            all = try await make(Permission.scopes)
            for permission in Permission.allCases { without[permission] = try await make(Permission.scopes.subtracting([permission])) }
        }
    }

    private struct NewKey: Encodable {
        var keyName = "matrix"
        var permissions: [String]
        var agencyID: UUID
        enum CodingKeys: String, CodingKey {
            case permissions
            case keyName = "key_name"
            case agencyID = "agency_id"
        }
    }
}
