import Contracts
import Foundation
import Testing

@testable import ServiceKit

@Suite struct FeatureFlagTests {
    /// The number as an id: the same users in every run.
    private static func user(_ number: Int) -> UUID {
        let bytes = withUnsafeBytes(of: UInt64(number).bigEndian, Array.init)
        return UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]))
    }

    private static func caller(_ id: UUID = UUID(), agency: UUID? = nil) -> Caller {
        Caller(userID: id, sessionID: UUID(), agencies: agency.map { [AgencyMembership(agencyID: $0, role: .viewer)] } ?? [])
    }

    private static func flag(
        _ rules: [FeatureFlagRules.Rule], fallback: Bool? = nil, enabled: Bool = true, name: String = "new_search"
    ) -> FeatureFlagSnapshot {
        FeatureFlagSnapshot(name: name, enabled: enabled, config: FeatureFlagRules(rules: rules, fallback: fallback))
    }

    /// Worked out apart, with Python's hashlib.
    @Test(
        "A user's bucket is the same for ever",
        arguments: [
            ("match_explanations", "0199f0c2-5b7e-7c11-9a55-3d2f1e4b6a70", 3395),
            ("match_explanations", "00000000-0000-0000-0000-000000000001", 8117),
            ("new_search", "0199F0C2-5B7E-7C11-9A55-3D2F1E4B6A70", 3581),
        ])
    func stable(flag: String, user: String, bucket: Int) throws {
        #expect(FeatureFlagSnapshot.bucket(of: try #require(UUID(uuidString: user)), in: flag) == bucket)
    }

    @Test(arguments: [1, 12.5, 25, 50])
    func `A share of the users is that share, and whoever is in it stays in as it grows`(percentage: Double) {
        let users = (0..<20_000).map(Self.user)
        let flag = Self.flag([.init(percentage: percentage)])
        let chosen = users.filter { flag.isOn(for: Self.caller($0)) }
        #expect(abs(Double(chosen.count) / 20_000 - percentage / 100) < 0.01)
        let wider = Self.flag([.init(percentage: percentage * 1.5)])
        #expect(chosen.allSatisfy { wider.isOn(for: Self.caller($0)) })
    }

    @Test func `Another flag chooses others`() {
        let users = (0..<20_000).map(Self.user)
        let (one, other) = (Self.flag([.init(percentage: 50)]), Self.flag([.init(percentage: 50)], name: "other"))
        let both = users.filter { one.isOn(for: Self.caller($0)) && other.isOn(for: Self.caller($0)) }
        #expect(abs(Double(both.count) / 20_000 - 0.25) < 0.02)
    }

    @Test func `All are in a hundred per cent, and nobody in none`() {
        let users = (0..<2_000).map(Self.user)
        #expect(users.allSatisfy { Self.flag([.init(percentage: 100)]).isOn(for: Self.caller($0)) })
        #expect(!users.contains { Self.flag([.init(percentage: 0)]).isOn(for: Self.caller($0)) })
    }

    @Test func `The first rule that fits decides`() {
        let (user, agency) = (UUID(), UUID())
        let flag = Self.flag([.init(users: [user], value: false), .init(agencies: [agency]), .init(percentage: 0)], fallback: false)
        #expect(!flag.isOn(for: Self.caller(user, agency: agency)))
        #expect(flag.isOn(for: Self.caller(agency: agency)))
        #expect(!flag.isOn(for: Self.caller()))
        #expect(Self.flag([.init(users: [user], value: false)], fallback: true).isOn(for: Self.caller()))
    }

    @Test func `For a visitor no rule fits, and what is disabled is on for nobody`() {
        #expect(!Self.flag([.init(percentage: 100)]).isOn(for: nil))
        #expect(Self.flag([.init(percentage: 0)], fallback: true).isOn(for: nil))
        #expect(Self.flag([]).isOn(for: nil))
        #expect(!Self.flag([], enabled: false).isOn(for: Self.caller()))
        #expect(!Self.flag([.init(percentage: 100)], fallback: true, enabled: false).isOn(for: Self.caller()))
    }
}
