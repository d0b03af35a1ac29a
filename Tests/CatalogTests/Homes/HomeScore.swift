/// How right a decision was, over labelled pairs.
struct HomeScore {
    var truePositives = 0
    var falsePositives = 0
    var falseNegatives = 0
    var trueNegatives = 0

    mutating func count(said: Bool, isSame: Bool) {
        switch (said, isSame) {
        case (true, true): truePositives += 1
        case (true, false): falsePositives += 1
        case (false, true): falseNegatives += 1
        case (false, false): trueNegatives += 1
        }
    }

    /// Of those said to be one flat, how many are.
    var precision: Double { Double(truePositives) / Double(max(truePositives + falsePositives, 1)) }
    /// Of those that are one flat, how many were said to be.
    var recall: Double { Double(truePositives) / Double(max(truePositives + falseNegatives, 1)) }
}
