import Foundation

/// A script of `deploy/local`, which starts, stops and kills the processes of this machine.
package struct LocalScript: Sendable {
    private let folder: URL
    private let environment: [String: String]

    /// - Parameter environment: what the scripts get; `HEARTH_INSTANCE` among it says whose processes they mean.
    package init(folder: URL, environment: [String: String]) {
        self.folder = folder
        self.environment = environment
    }

    package func run(_ name: String, _ arguments: [String]) async throws {
        let process = Process()
        // Foundation learns of a process' end by a socket that children inherit; a service that the script starts would hold it open for ever.
        let closing = "for file in /proc/self/fd/*; do n=${file##*/}; if ((n > 2)); then eval \"exec $n>&-\"; fi; done; exec \"$@\""
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", closing, "script", folder.appendingPathComponent(name).path] + arguments
        process.environment = environment
        let status = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        guard status == 0 else { throw StepFailure("\(name) \(arguments.joined(separator: " ")) ended with \(status).") }
    }
}
