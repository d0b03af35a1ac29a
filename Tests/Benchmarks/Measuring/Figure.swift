/// One row of the table.
struct Figure {
    enum Target {
        /// Hearth's rate divided by the peer's must be so much.
        case ratio(Double)
        /// Hearth may use so many MiB more than the peer.
        case atMostMore(Double)
    }

    var name: String
    var unit = "/s"
    var peerName: String
    var target: Target
    /// Hearth's and the peer's figure of each round, taken one right after the other.
    var rounds: [(hearth: Double, peer: Double)]
    var latency: Latency?
    var note = ""

    var hearth: Double { rounds.map(\.hearth).median }
    var peer: Double { rounds.map(\.peer).median }
    /// The median of the rounds' ratios: what disturbs a round disturbs both sides of it.
    var ratio: Double { rounds.map { $0.hearth / $0.peer }.median }

    var isReached: Bool {
        switch target {
        case .ratio(let least): ratio >= least
        case .atMostMore(let most): hearth - peer <= most
        }
    }
}
