import CProcess
import Foundation

/// A program that reads what strangers made: in a process of its own, with an end to its time, its memory and what it writes. Blocking.
struct BoundedProcess: Sendable {
    enum Failure: Error, Equatable {
        case notStarted
        case timeout
        case tooMuchOutput
        case exit(Int32)
    }

    var limits: ReadingLimits
    /// Bytes of output.
    var output: Int

    /// Runs a program by its name with these bytes as its input, and gives what it writes. The program knows nothing of this process's environment.
    func run(_ program: String, _ arguments: [String], input: [UInt8]) throws(Failure) -> [UInt8] {
        let seconds = Int(limits.time.components.seconds)
        let words =
            ["prlimit", "--as=\(limits.memory)", "--cpu=\(seconds)", "--nofile=64", "--core=0", "--fsize=0", program] + arguments
        var pid = pid_t()
        let pipe = start(words, input, &pid)
        guard pipe >= 0 else { throw .notStarted }
        defer { close(pipe) }
        do {
            let bytes = try read(pipe)
            let status = wait(pid)
            guard status == 0 else { throw Failure.exit(status) }
            return bytes
        } catch let failure as Failure {
            // Its group, as prlimit becomes the program, and the program may have started others.
            kill(-pid, SIGKILL)
            if case .exit = failure {} else { _ = wait(pid) }
            throw failure
        } catch {
            throw .notStarted
        }
    }

    /// The pipe of what it writes, or -1.
    private func start(_ words: [String], _ input: [UInt8], _ pid: inout pid_t) -> Int32 {
        let environment = ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/nonexistent", "OMP_THREAD_LIMIT=1"]
        return Self.withCStrings(words) { words in
            Self.withCStrings(environment) { environment in
                hearth_start_process(words, environment, input, input.count, FileManager.default.temporaryDirectory.path, &pid)
            }
        }
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = texts.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            // There is always the nil at the end, so there is a base.
            buffer.baseAddress.map(body)!
        }
    }

    private func read(_ pipe: Int32) throws(Failure) -> [UInt8] {
        let deadline = ContinuousClock.now + limits.time
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let left = (deadline - .now).components
            let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
            guard milliseconds > 0 else { throw .timeout }
            var wanted = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
            let ready = poll(&wanted, 1, Int32(clamping: milliseconds))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { throw .timeout }
            let count = buffer.withUnsafeMutableBytes { Foundation.read(pipe, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= output else { throw .tooMuchOutput }
        }
    }

    /// The exit status; for one that a signal ended, 128 and its number.
    private func wait(_ pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}
