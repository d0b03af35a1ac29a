import Testing

@testable import Passwords

@Suite struct PasswordHasherTests {
    @Test func `A password verifies against its own hash only`() async throws {
        let hasher = try PasswordHasher(cost: 4, threads: 2, waiting: 8)
        let hash = try await hasher.hash("a long enough sentence")
        #expect(try await hasher.verify("a long enough sentence", against: hash) == .init(matches: true, isOutdated: false))
        #expect(try await hasher.verify("another long sentence", against: hash).matches == false)
        #expect(try await hasher.verify("a long enough sentence", against: nil).matches == false)
    }

    @Test func `A hash of a lower cost is outdated`() async throws {
        let hasher = try PasswordHasher(cost: 5, threads: 1, waiting: 8)
        let hash = try Bcrypt.hash("a long enough sentence", cost: 4)
        #expect(try await hasher.verify("a long enough sentence", against: hash) == .init(matches: true, isOutdated: true))
    }

    @Test func `A wrong password takes as long as an unknown account, whatever the cost was when its hash was made`() async throws {
        let hasher = try PasswordHasher(cost: 10, threads: 1, waiting: 8)
        var shortest: [Int?: Duration] = [:]
        for cost in [nil, 4, 10] {
            let hash = try cost.map { try Bcrypt.hash("a long enough sentence", cost: $0) }
            for _ in 0..<5 {
                let start = ContinuousClock.now
                #expect(try await hasher.verify("another long sentence", against: hash).matches == false)
                let time = ContinuousClock.now - start
                shortest[cost] = min(time, shortest[cost] ?? time)
            }
        }
        let unknown = try #require(shortest[nil])
        // Wide, as other tests take the same cores: a hash of cost 4 alone takes the sixty-fourth part.
        for (cost, time) in shortest { #expect(time > unknown * 0.25, "\(cost ?? 0): \(time), unknown: \(unknown)") }
    }

    @Test func `What does not fit into the queue is refused, and the rest is answered`() async throws {
        let hasher = try PasswordHasher(cost: 8, threads: 1, waiting: 1)
        let outcomes = await withTaskGroup(of: PasswordError?.self) { group in
            for _ in 0..<24 {
                group.addTask {
                    do {
                        _ = try await hasher.hash("a long enough sentence")
                        return nil
                    } catch {
                        return error as? PasswordError
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.contains(.busy))
        #expect(outcomes.contains(nil))
        #expect(outcomes.allSatisfy { $0 == nil || $0 == .busy })
    }

    @Test func `A cost beyond reason is refused at start`() {
        #expect(throws: PasswordError.unsupportedCost(40)) { try PasswordHasher(cost: 40, threads: 1, waiting: 1) }
    }
}
