import Foundation
import Synchronization

/// A headless Chromium, spoken to over its debugging pipe: JSON with a NUL after each message (the DevTools protocol).
package final class Chromium: Sendable {
    private static let program = "/usr/bin/chromium"
    private static let patience = Duration.seconds(120)

    package static var isThere: Bool { FileManager.default.isExecutableFile(atPath: program) }

    private struct State {
        var next = 1
        var waiting: [Int: CheckedContinuation<Data, any Error>] = [:]
        var rest = Data()
        var hasEnded = false
    }

    private struct Message: Decodable {
        struct Problem: Decodable { var message: String }
        var id: Int?
        var error: Problem?
    }

    private let input: FileHandle
    private let state = Mutex(State())

    private init(input: FileHandle) { self.input = input }

    /// Runs `body` beside a browser with a profile of its own.
    package static func with<Result: Sendable>(_ body: @Sendable (Chromium) async throws -> Result) async throws -> Result {
        let profile = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-chromium-\(UUID().uuidString)")
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        // The browser reads from descriptor 3 and writes to 4.
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = [
            "-c", #"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#, program, "--headless=new", "--no-sandbox", "--disable-gpu",
            "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-pipe", "--user-data-dir=\(profile.path)", "about:blank",
        ]
        process.standardInput = input
        process.standardOutput = output
        let browser = Chromium(input: input.fileHandleForWriting)
        output.fileHandleForReading.readabilityHandler = { handle in browser.take(handle.availableData) }
        try process.run()
        defer {
            output.fileHandleForReading.readabilityHandler = nil
            process.terminate()
            process.waitUntilExit()
            try? FileManager.default.removeItem(at: profile)
        }
        return try await body(browser)
    }

    /// The JSON of the result. Throws what the browser says, or that it has said nothing.
    package func call(_ method: String, _ parameters: String = "{}", session: String? = nil) async throws -> Data {
        try await withThrowingTaskGroup(of: Data.self) { group in
            group.addTask { try await self.ask(method, parameters, session) }
            group.addTask {
                try await Task.sleep(for: Self.patience)
                self.end()
                throw Silence(method: method)
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    private struct Silence: Error { var method: String }
    private struct Refusal: Error { var message: String }

    private func ask(_ method: String, _ parameters: String, _ session: String?) async throws -> Data {
        try await withCheckedThrowingContinuation { continuation in
            let id = state.withLock { state -> Int? in
                guard !state.hasEnded else { return nil }
                defer { state.next += 1 }
                state.waiting[state.next] = continuation
                return state.next
            }
            guard let id else { return continuation.resume(throwing: Silence(method: method)) }
            let target = session.map { #","sessionId":"\#($0)""# } ?? ""
            let text = #"{"id":\#(id),"method":"\#(method)","params":\#(parameters)\#(target)}"#
            do {
                try input.write(contentsOf: Data(text.utf8) + Data([0]))
            } catch {
                state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(throwing: error)
            }
        }
    }

    private func take(_ data: Data) {
        guard !data.isEmpty else { return end() }
        let messages = state.withLock { state in
            state.rest += data
            var parts = state.rest.split(separator: 0, omittingEmptySubsequences: false)
            state.rest = Data(parts.removeLast())
            return parts.map { Data($0) }
        }
        for text in messages {
            guard let message = try? JSONDecoder().decode(Message.self, from: text), let id = message.id else { continue }
            let continuation = state.withLock { $0.waiting.removeValue(forKey: id) }
            if let error = message.error {
                continuation?.resume(throwing: Refusal(message: error.message))
            } else {
                continuation?.resume(returning: text)
            }
        }
    }

    private func end() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume(throwing: Silence(method: "the browser has ended")) }
    }
}
