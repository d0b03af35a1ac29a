import Foundation
import Synchronization

/// Sends mail over a few connections that stay open, each on a thread of its own: libcurl blocks, and the cooperative pool must not.
final class SMTPClient: Sendable {
    private struct Job: Sendable {
        var envelope: SMTPEnvelope
        var message: [UInt8]
        var answer: CheckedContinuation<Result<SMTPReply, SMTPFailure>, Never>
    }

    private struct State: Sendable {
        var waiting: [Job] = []
        var closed = false
    }

    private let state = Mutex(State())
    private let available = DispatchSemaphore(value: 0)
    private let connections: Int

    init(_ configuration: SMTPConfiguration) {
        connections = configuration.connections
        for number in 0..<configuration.connections {
            let thread = Thread { [self] in serve(SMTPConnection(configuration)) }
            thread.name = "smtp-\(number)"
            thread.start()
        }
    }

    /// Hands a mail to the server; waits for a free connection first. Returns once the server has taken responsibility for the mail.
    func send(_ envelope: SMTPEnvelope, _ message: [UInt8]) async throws(SMTPFailure) -> SMTPReply {
        let result: Result<SMTPReply, SMTPFailure> = await withCheckedContinuation { continuation in
            let accepted = state.withLock { state in
                if !state.closed { state.waiting.append(Job(envelope: envelope, message: message, answer: continuation)) }
                return !state.closed
            }
            if accepted { available.signal() } else { continuation.resume(returning: .failure(.closed)) }
        }
        return try result.get()
    }

    /// Lets what has been handed over finish, then ends the threads and their connections.
    func close() {
        state.withLock { $0.closed = true }
        for _ in 0..<connections { available.signal() }
    }

    private func serve(_ connection: SMTPConnection) {
        while true {
            available.wait()
            let job = state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
            guard let job else { return }
            job.answer.resume(returning: connection.send(job.envelope, job.message))
        }
    }
}
