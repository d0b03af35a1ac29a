import Foundation

/// How long processors have worked for what is measured: this process, the tools that it ran, and the servers with their children. Unlike a rate it hardly
/// depends on what else the machine does.
enum ProcessorTime {
    /// Seconds so far.
    static func spent() -> Double { own(__rusage_who_t(RUSAGE_SELF.rawValue)) + own(__rusage_who_t(RUSAGE_CHILDREN.rawValue)) + servers() }

    private static func own(_ who: __rusage_who_t) -> Double {
        var usage = rusage()
        getrusage(who, &usage)
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    /// Those whose ids are in `HEARTH_BENCH_SERVER_PIDS`.
    private static func servers() -> Double {
        let roots = Set((ProcessInfo.processInfo.environment["HEARTH_BENCH_SERVER_PIDS"] ?? "").split(separator: " ").compactMap { Int($0) })
        guard !roots.isEmpty else { return 0 }
        let pids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap(Int.init) ?? []
        let processes = Dictionary(uniqueKeysWithValues: pids.compactMap { pid in Process(pid).map { (pid, $0) } })
        let ticks = processes.filter { pid, _ in
            var ancestor = pid
            while !roots.contains(ancestor), let parent = processes[ancestor]?.parent { ancestor = parent }
            return roots.contains(ancestor)
        }.reduce(0) { $0 + $1.value.ticks }
        return Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private struct Process {
        let parent: Int
        /// Its own and those of its children that have ended.
        let ticks: Int

        /// Nil when there is none any more.
        init?(_ pid: Int) {
            // pid (name) state ppid …: the name may hold anything.
            guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let end = text.lastIndex(of: ")") else { return nil }
            let fields = text[text.index(after: end)...].split(separator: " ")
            guard fields.count > 14, let parent = Int(fields[1]) else { return nil }
            self.parent = parent
            ticks = fields[11...14].compactMap { Int($0) }.reduce(0, +)
        }
    }
}
