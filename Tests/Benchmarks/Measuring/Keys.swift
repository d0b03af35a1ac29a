import Synchronization

/// Scattered numbers from 1 on, made cheaply: the system's generator is a system call each, which the peers do not make.
final class Keys: Sendable {
    private let count: UInt64
    private let turn = Atomic<UInt64>(0)

    init(count: Int) { self.count = UInt64(count) }

    func next() -> Int {
        let turn = turn.wrappingAdd(1, ordering: .relaxed).newValue
        return Int(((turn &* 0x9E37_79B9_7F4A_7C15) >> 32) % count) + 1
    }
}
