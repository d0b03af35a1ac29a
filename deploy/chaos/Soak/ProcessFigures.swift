import Foundation

/// What the kernel says of one process.
struct ProcessFigures {
    var privateMiB: Double
    var descriptors: Double
    var threads: Double

    /// Nil when there is no such process any more.
    init?(pid: Int) {
        guard let memory = try? String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8),
            let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
            let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")
        else { return nil }
        privateMiB = memory.matches(of: /Private_(?:Clean|Dirty): +([0-9]+) kB/).reduce(0) { $0 + (Double($1.1) ?? 0) } / 1024
        descriptors = Double(files.count)
        threads = status.firstMatch(of: /Threads:\s+([0-9]+)/).flatMap { Double($0.1) } ?? 0
    }
}
