import CCrypt
import Foundation

/// bcrypt as libxcrypt alone does it: a thread per core, each with nothing else to do.
enum CryptLoop {
    /// As many as a service hashes at once by default.
    static let threads = ProcessInfo.processInfo.activeProcessorCount
    private static let setting = "$2b$10$abcdefghijklmnopqrstuu"

    /// Hashes per second, over a while.
    static func run(for duration: Duration) async throws -> Sample {
        let end = ContinuousClock.now + duration
        return try await sample { _ in ContinuousClock.now < end }
    }

    /// So many hashes, shared among the threads; per second.
    static func run(count: Int) async throws -> Sample {
        try await sample { $0 < (count + threads - 1) / threads }
    }

    /// - Parameter goesOn: Asked by each thread before each hash, with how many it has made.
    private static func sample(while goesOn: @escaping @Sendable (Int) -> Bool) async throws -> Sample {
        try await .measured {
            let start = ContinuousClock.now
            let times = try await withThrowingTaskGroup(of: [UInt32].self) { group in
                for _ in 0..<threads { group.addTask { try await onThread { try hashes(while: goesOn) } } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            return (Double(times.count) / start.duration(to: .now).seconds, times.count, Latency(nanoseconds: times))
        }
    }

    private static func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Swift.Result(catching: body)) }
        }
    }

    private static func hashes(while goesOn: (Int) -> Bool) throws -> [UInt32] {
        let size = MemoryLayout<crypt_data>.size
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: MemoryLayout<crypt_data>.alignment)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        defer { memory.deallocate() }
        var times: [UInt32] = []
        while goesOn(times.count) {
            let start = ContinuousClock.now
            guard crypt_rn("a long passphrase of somebody", setting, memory, Int32(size)) != nil else { throw BenchmarkError("libxcrypt refuses") }
            times.append(UInt32(clamping: start.duration(to: .now).nanoseconds))
        }
        return times
    }
}
