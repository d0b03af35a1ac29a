import Foundation
import ServiceKit
import TestKit
import Testing

struct PermissionsTests {
    private let agency = UUID.v7()

    private func member(_ role: AgencyRole, extras: [Permission] = [], scopes: Set<Permission>? = nil) -> Caller {
        Caller(
            userID: .v7(), sessionID: .v7(), agencies: [AgencyMembership(agencyID: agency, role: role)],
            permissions: extras.map { Caller.extra($0.rawValue, in: agency) }, emailVerified: true, scopes: scopes)
    }

    @Test func `Each role has what the one below it has, and no role reaches another agency`() {
        let roles: [AgencyRole] = [.viewer, .assistant, .agent, .admin, .owner]
        for (lower, higher) in zip(roles, roles.dropFirst()) { #expect(Permission.of(lower).isStrictSubset(of: Permission.of(higher))) }
        for role in roles {
            for permission in Permission.inAgencies {
                #expect(member(role).may(permission, in: agency) == Permission.of(role).contains(permission))
                #expect(!member(role).may(permission, in: .v7()))
            }
        }
    }

    @Test func `An extra permission holds in its agency alone, and owning cannot be had as one`() {
        let viewer = member(.viewer, extras: [.teamsManage, .agencyOwn, .usersManage])
        #expect(viewer.may(.teamsManage, in: agency))
        #expect(!viewer.may(.teamsManage, in: .v7()))
        #expect(!viewer.may(.agencyOwn, in: agency))
        #expect(!viewer.may(.usersManage))
    }

    @Test func `A key does no more than its scopes name, and no more than its maker may`() {
        let key = member(.agent, scopes: [.documentsRead, .agencyManage])
        #expect(key.may(.documentsRead, in: agency))
        #expect(!key.may(.documentsWrite, in: agency))
        #expect(!key.may(.agencyManage, in: agency))
        #expect(!key.may(.accountRead))
        #expect(Permission.scopes.isDisjoint(with: [.accountWrite, .apiKeysWrite, .agencyOwn, .usersManage, .subscriptionsManage]))
    }

    @Test func `Only what a key can be is taken for one`() throws {
        let key = APIKeySecret.random()
        #expect(APIKeySecret(key.text) == key)
        #expect(key.text.hasPrefix(key.prefix + "_"))
        for text in ["", "hearth_", key.prefix, key.text + "x", key.text.uppercased(), String(key.text.dropLast()), "x" + key.text.dropFirst()] {
            #expect(APIKeySecret(text) == nil)
        }
    }

    @Test func `A platform role reaches across agencies only as an administrator`() {
        #expect(Caller.test(role: .administrator).may(.agencyManage, in: agency))
        #expect(!Caller.test(role: .moderator).may(.agencyRead, in: agency))
        #expect(Caller.test(role: .moderator).may(.analyticsRead))
        #expect(!Caller.test().may(.analyticsRead))
    }
}
