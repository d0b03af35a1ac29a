import CLibPQ
import DequeModule
import Dispatch
import Foundation
import Synchronization

/// The plainest Swift that can have several statements on one libpq connection: pipeline mode with a Sync for each statement, as the pool has it, a
/// read source, a continuation for each task. No pool, no deadline, no cancelling; of an answer it reads one number.
///
/// What tasks ask for while the queue is busy is sent together, because that is faster.
///
/// `@unchecked Sendable`: everything but `asked` is touched on `queue` alone.
final class BareConnection: @unchecked Sendable {
    private struct Question {
        var account: Int
        var continuation: CheckedContinuation<Int, any Error>
    }

    private let handle: OpaquePointer
    private let queue = DispatchQueue(label: "bare")
    private let asked = Mutex<[Question]>([])
    private let source: any DispatchSourceRead
    /// Those whose answers are still to come, in the order in which they were sent.
    private var sent: Deque<Question> = []

    /// Connects and prepares; it blocks.
    init(_ url: String) throws {
        guard let handle = PQconnectdb(url), PQstatus(handle) == CONNECTION_OK else { throw BenchmarkError("libpq cannot connect") }
        self.handle = handle
        PQclear(PQprepare(handle, "s", "SELECT abalance FROM pgbench_accounts WHERE aid = $1::int", 0, nil))
        PQsetnonblocking(handle, 1)
        PQenterPipelineMode(handle)
        source = DispatchSource.makeReadSource(fileDescriptor: PQsocket(handle), queue: queue)
        source.setEventHandler { [unowned self] in receive() }
        source.setCancelHandler { PQfinish(handle) }
        source.activate()
    }

    deinit { source.cancel() }

    func balance(of account: Int) async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in
            let isFirst = asked.withLock { asked in
                asked.append(Question(account: account, continuation: continuation))
                return asked.count == 1
            }
            if isFirst { queue.async { self.send() } }
        }
    }

    private func send() {
        let questions = asked.withLock { asked in
            defer { asked.removeAll(keepingCapacity: true) }
            return asked
        }
        for question in questions {
            String(question.account).withCString { text in
                var values: [UnsafePointer<CChar>?] = [text]
                PQsendQueryPrepared(handle, "s", 1, &values, nil, nil, 0)
            }
            // It flushes; so few and so short statements always fit into the socket's buffer.
            PQpipelineSync(handle)
        }
        sent += questions
    }

    private func receive() {
        PQconsumeInput(handle)
        while !sent.isEmpty, PQisBusy(handle) == 0 {
            guard let result = PQgetResult(handle) else { continue }
            if PQresultStatus(result) != PGRES_PIPELINE_SYNC { sent.removeFirst().continuation.resume(with: Result { try Self.number(in: result) }) }
            PQclear(result)
        }
    }

    private static func number(in result: OpaquePointer) throws -> Int {
        guard PQntuples(result) == 1, let text = PQgetvalue(result, 0, 0), let number = Int(String(cString: text)) else {
            throw BenchmarkError("there is no such row")
        }
        return number
    }
}
