import Foundation

/// What one idle service takes that nobody else shares, against an idle hello.
struct MemoryFigure {
    func take() throws -> [Figure] {
        let service = try Self.memory(of: Servers.variable("HEARTH_BENCH_SERVICE_PID"))
        let hello = try Self.memory(of: Servers.variable("HEARTH_BENCH_HELLO_PID"))
        return [
            Figure(
                name: "private memory of an idle service", unit: " MiB", peerName: "Hummingbird hello", target: .atMostMore(15),
                rounds: [Round(hearth: Sample(value: service.dirty), peer: Sample(value: hello.dirty))],
                note: String(
                    format: "catalog, private dirty pages; proportional set size %.1f against %.1f MiB", service.proportional, hello.proportional))
        ]
    }

    private static func memory(of pid: String) throws -> (dirty: Double, proportional: Double) {
        let text = try String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8)
        return (try Tool.number(after: "Private_Dirty:", in: text) / 1024, try Tool.number(after: "\nPss:", in: text) / 1024)
    }
}
