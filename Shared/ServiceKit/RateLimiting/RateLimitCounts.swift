/// How often one subject asked under one policy, by window, as far as it was not reported yet.
struct RateLimitCounts: Sendable {
    struct Window: Sendable {
        /// Which window of its length since 1970.
        var index: Int64
        var requests = 0
        var refusals = 0
        var reportedRequests = 0
        var reportedRefusals = 0
    }

    private var current: Window?
    /// A window that ended before it was reported; more than one of them means that nobody asks for reports.
    private var ended: Window?

    mutating func note(isAllowed: Bool, index: Int64) {
        if current?.index != index {
            ended = current
            current = Window(index: index)
        }
        current?.requests += 1
        if !isAllowed { current?.refusals += 1 }
    }

    /// What came since the last report, of windows with `least` requests or a refusal.
    mutating func collect(least: Int) -> [Window] {
        var reports: [Window] = []
        func report(_ window: inout Window?) {
            guard var known = window, known.requests >= least || known.refusals > 0, known.requests > known.reportedRequests else { return }
            var news = known
            news.requests -= known.reportedRequests
            news.refusals -= known.reportedRefusals
            reports.append(news)
            (known.reportedRequests, known.reportedRefusals) = (known.requests, known.refusals)
            window = known
        }
        report(&ended)
        report(&current)
        ended = nil
        return reports
    }
}
