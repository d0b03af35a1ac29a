/// What came of looking at a picture.
enum PictureLook: Sendable, Equatable {
    /// Its difference hash.
    case hash(String)
    /// It could not be had, or is no picture that can be read.
    case none(PageProblem.Reason)

    var hash: String? {
        guard case .hash(let hash) = self else { return nil }
        return hash
    }

    var reason: PageProblem.Reason? {
        guard case .none(let reason) = self else { return nil }
        return reason
    }
}
