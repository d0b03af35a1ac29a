/// One row of the table.
struct Figure {
    enum Target {
        /// Hearth's rate divided by the peer's: what it must be, and what it is meant to become.
        case ratio(_ floor: Double, aim: Double? = nil)
        /// Hearth may use so much more than the peer, in the figure's unit.
        case atMostMore(Double)
        /// So much, in the figure's unit, in nineteen of twenty cases; there is no peer.
        case atMost(Double)
        /// So much at least, in the figure's unit, whatever the peer does.
        case atLeast(Double)
        /// A figure to know; nothing is promised.
        case told
    }

    enum Verdict: String {
        case reached = "ok"
        case reachedFloor = "floor, not aim"
        case missed = "MISSED"
        case told = ""
    }

    var name: String
    var unit = "/s"
    var peerName: String
    var target: Target
    var rounds: [Round]
    var note = ""

    var hearth: Double { rounds.map(\.hearth.value).median }
    var peer: Double { rounds.map(\.peer.value).median }
    /// The median of the rounds' ratios: what disturbs a round disturbs both sides of it.
    var ratio: Double { rounds.map { $0.hearth.value / $0.peer.value }.median }
    /// Hearth's, where there is any.
    var latency: Latency? { .median(rounds.compactMap(\.hearth.latency)) }
    /// Hearth's and its peer's processor time per operation, in microseconds.
    var work: (hearth: Double, peer: Double)? {
        let (hearth, peer) = (rounds.compactMap(\.hearth.work), rounds.compactMap(\.peer.work))
        return hearth.isEmpty || peer.isEmpty ? nil : (hearth.median, peer.median)
    }

    var verdict: Verdict {
        switch target {
        case .ratio(let floor, let aim): ratio < floor ? .missed : ratio < aim ?? floor ? .reachedFloor : .reached
        case .atMostMore(let most): hearth - peer <= most ? .reached : .missed
        case .atLeast(let least): hearth >= least ? .reached : .missed
        case .told: .told
        case .atMost(let most): latency.map { $0.p95 <= most } == true ? .reached : .missed
        }
    }
}
