import Foundation

/// What Linux tells of this process, read at each scrape under the names that Prometheus' own clients use.
enum ProcessMetrics {
    static func text() -> String {
        var text = PrometheusText()
        func gauge(_ name: String, _ kind: String, _ value: Double?) {
            guard let value else { return }
            text.begin(name, kind: kind)
            text.sample(name, "", PrometheusText.number(value))
        }
        gauge("process_resident_memory_bytes", "gauge", memory("VmRSS"))
        gauge("process_private_memory_bytes", "gauge", memory("RssAnon"))
        gauge("process_open_fds", "gauge", openDescriptors())
        gauge("process_cpu_seconds_total", "counter", processorSeconds())
        return text.finished()
    }

    private static func memory(_ field: String) -> Double? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix(field + ":") }),
            let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
        else { return nil }
        return kibibytes * 1024
    }

    private static func openDescriptors() -> Double? {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { Double($0.count) }
    }

    private static func processorSeconds() -> Double? {
        var usage = rusage()
        guard getrusage(numericCast(RUSAGE_SELF.rawValue), &usage) == 0 else { return nil }
        let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        return Double(seconds) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }
}
