import Foundation

/// wrk, walking through paths.
struct Wrk {
    let plan: Plan
    private let folder: URL
    private static let threads = 2

    init(plan: Plan) throws {
        self.plan = plan
        folder = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent("hearth-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(Self.script.utf8).write(to: folder.appendingPathComponent("paths.lua"))
    }

    func removeFiles() { try? FileManager.default.removeItem(at: folder) }

    /// Each thread goes through the paths once, from a place of its own. Throws when an answer was not 2xx or took half a minute.
    func run(_ base: String, _ paths: [String], token: String? = nil, connections: Int = 64) async throws -> (sample: Sample, requests: Int) {
        let list = folder.appendingPathComponent("paths.txt")
        try Data(paths.joined(separator: "\n").utf8).write(to: list)
        let arguments = [
            "-t", "\(Self.threads)", "-c", "\(connections)", "--timeout", "30s", "-d", "\(plan.wholeSeconds)s", "-s",
            folder.appendingPathComponent("paths.lua").path, base, "--",
            list.path, "\(Self.threads)",
        ]
        var requests = 0
        let sample = try await Sample.measured {
            let output = try await Tool.run("wrk", arguments + (token.map { [$0] } ?? []))
            guard try Tool.number(after: "errors=", in: output) == 0 else { throw BenchmarkError("not every answer was good: \(output)") }
            requests = Int(try Tool.number(after: "requests=", in: output))
            guard requests > 0 else { throw BenchmarkError("nothing was answered within \(plan.wholeSeconds) s") }
            let latency = Latency(
                p50: try Tool.number(after: "p50=", in: output), p95: try Tool.number(after: "p95=", in: output),
                p99: try Tool.number(after: "p99=", in: output))
            return (try Tool.number(after: "rate=", in: output), requests, latency)
        }
        return (sample, requests)
    }

    private static let script = """
        local threads = 0

        function setup(thread)
            thread:set("number", threads)
            threads = threads + 1
        end

        function init(arguments)
            local headers = {}
            if arguments[3] then headers["Authorization"] = "Bearer " .. arguments[3] end
            requests = {}
            for path in io.lines(arguments[1]) do requests[#requests + 1] = wrk.format("GET", path, headers) end
            position = math.floor(#requests / tonumber(arguments[2])) * number
        end

        function request()
            position = position % #requests + 1
            return requests[position]
        end

        function done(summary, latency, _)
            local e = summary.errors
            io.write(string.format("rate=%f requests=%d errors=%d p50=%f p95=%f p99=%f\\n",
                summary.requests / (summary.duration / 1e6), summary.requests, e.connect + e.read + e.write + e.status + e.timeout,
                latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
        end
        """
}
