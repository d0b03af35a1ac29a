/// In what two listings agree or differ, and how far.
enum HomeFeature: String, CaseIterable, Sendable {
    case place, area, rooms, rent, deposit, kind, floor, title, description, pictures
}

/// One finding: a feature and its level. What either page does not state is no finding.
struct HomeFinding: Hashable, Sendable {
    var feature: HomeFeature
    var level: String

    init(_ feature: HomeFeature, _ level: String) {
        self.feature = feature
        self.level = level
    }
}
