/// What was seen of one thing over time.
struct Series: Sendable {
    struct Name: Hashable, Sendable {
        var owner: String
        var kind: Kind

        init(_ owner: String, _ kind: Kind) {
            self.owner = owner
            self.kind = kind
        }
    }

    /// What is looked at, in the order of the table, and how much the last third may lie above the middle one.
    enum Kind: String, CaseIterable, Sendable {
        case memory = "private memory, MiB"
        case descriptors = "descriptors"
        case threads = "threads"
        case databaseConnections = "database connections"
        case outboxRows = "rows in the outbox"
        case mailsWaiting = "mails waiting"
        case connections = "connections"
        case channels = "channels"
        case queues = "queues"
        case messages = "messages in queues"

        /// - Memory: malloc keeps what it was given, and caches that are bounded fill up; both level off. Measured, a healthy service of 30 MiB moves by less
        ///   than 0.4 MiB from one third of five minutes to the next; a leak of half a MiB a minute is over the allowance in ten.
        /// - Connections, descriptors and threads have ceilings of their own (pools, keep-alive): a handful more is the load's chance, not a leak.
        /// - Work that waits is a snapshot of a busy moment: it may differ, but not beyond what is made in some seconds.
        func allowance(above middle: Double) -> Double {
            switch self {
            case .memory: 1 + middle * 0.02
            case .descriptors: 6
            case .threads, .databaseConnections: 2
            case .connections, .channels, .queues: 3
            case .outboxRows, .mailsWaiting, .messages: 50
            }
        }
    }

    private(set) var points: [(minutes: Double, value: Double)] = []

    mutating func add(_ value: Double, at minutes: Double) { points.append((minutes, value)) }

    /// The median of one third of the time: 0 is the start, 1 the middle, 2 the end. A median, as single looks meet bursts.
    func third(_ number: Int) -> Double {
        let values = points[points.count * number / 3..<points.count * (number + 1) / 3].map(\.value).sorted()
        return values.isEmpty ? 0 : values[values.count / 2]
    }

    /// Per minute, by least squares over the middle and the end.
    var slope: Double {
        let points = points.dropFirst(points.count / 3)
        let count = Double(points.count)
        guard count > 1 else { return 0 }
        let (x, y) = (points.reduce(0) { $0 + $1.minutes } / count, points.reduce(0) { $0 + $1.value } / count)
        let spread = points.reduce(0) { $0 + ($1.minutes - x) * ($1.minutes - x) }
        return spread == 0 ? 0 : points.reduce(0) { $0 + ($1.minutes - x) * ($1.value - y) } / spread
    }

    func isFlat(as kind: Kind) -> Bool { third(2) <= third(1) + kind.allowance(above: third(1)) }
}
