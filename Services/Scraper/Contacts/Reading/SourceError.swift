/// A source could not be read.
struct SourceError: Error, Sendable, Equatable {
    var problem: SourceProblem
    var detail: String

    init(_ problem: SourceProblem, _ detail: String) {
        (self.problem, self.detail) = (problem, detail)
    }
}
