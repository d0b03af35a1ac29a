import Postgres

/// How much each finding says: rows of `home_weights`.
struct HomeWeights: Sendable {
    private let weights: [String: Double]
    private let mostOfTheRest: Double

    init(_ weights: [(feature: String, level: String, weight: Double)]) {
        self.weights = Dictionary(weights.map { ("\($0.feature)/\($0.level)", $0.weight) }) { $1 }
        mostOfTheRest = [HomeFeature.description, .pictures].reduce(0) { sum, feature in
            sum + max(0, weights.filter { $0.feature == feature.rawValue }.map(\.weight).max() ?? 0)
        }
    }

    init(rows: [Row]) throws {
        self.init(try rows.map { (feature: try $0["feature"], level: try $0["level"], weight: try $0["weight"]) })
    }

    /// From where on two listings are one home.
    var threshold: Double { weights["decision/threshold"] ?? .infinity }
    /// The same for two listings of one portal, of which one was gone before the other came.
    var relistingThreshold: Double { weights["decision/relisting_threshold"] ?? .infinity }

    /// The logarithm (base 2) of the odds that two listings are of one flat. Texts and pictures are looked at only where they can still decide.
    func likeness(_ one: HomeFacts, _ other: HomeFacts) -> Double {
        let comparison = HomeComparison(one, other)
        let plain = (weights["decision/prior"] ?? 0) + sum(comparison.plain)
        return plain + mostOfTheRest < min(threshold, relistingThreshold) ? plain : plain + sum(comparison.close)
    }

    private func sum(_ findings: [HomeFinding]) -> Double {
        findings.reduce(0) { $0 + (weights["\($1.feature.rawValue)/\($1.level)"] ?? 0) }
    }
}
