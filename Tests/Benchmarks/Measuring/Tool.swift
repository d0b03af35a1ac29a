import Foundation

/// A program of somebody else's, run to its end.
enum Tool {
    /// What it wrote to standard output. Throws `BenchmarkError` when it is missing or fails.
    static func run(_ name: String, _ arguments: [String], environment: [String: String] = [:]) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            // It blocks, so it gets a thread.
            Thread.detachNewThread {
                // Dispatch's threads block every signal and the child inherits that: pgbench would never hear its alarm.
                var none = sigset_t()
                sigemptyset(&none)
                pthread_sigmask(SIG_SETMASK, &none, nil)
                continuation.resume(with: Result { try wait(name, arguments, environment) })
            }
        }
    }

    private static func wait(_ name: String, _ arguments: [String], _ environment: [String: String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkError("\(name) cannot be run (status \(process.terminationStatus)): \(text.suffix(300))")
        }
        return text
    }

    /// What stands after `word` up to the next white space.
    static func word(after word: String, in text: String) throws -> Substring {
        guard let range = text.range(of: word) else { throw BenchmarkError("There is no \"\(word)\" in: \(text.suffix(300))") }
        return text[range.upperBound...].prefix { !$0.isWhitespace }
    }

    /// The first number after `word`.
    static func number(after word: String, in text: String) throws -> Double {
        guard let range = text.range(of: word),
            let value = Double(text[range.upperBound...].drop { !$0.isNumber }.prefix { $0.isNumber || $0 == "." })
        else { throw BenchmarkError("There is no \"\(word)\" in: \(text.suffix(300))") }
        return value
    }
}

/// Why a figure could not be taken.
struct BenchmarkError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
