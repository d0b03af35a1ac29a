import Synchronization

/// A value that changes while the process runs. Reading it is one short lock.
public final class LiveValue<Value: Sendable>: Sendable {
    private let held: Mutex<Value>

    public init(_ value: Value) { held = Mutex(value) }

    public var current: Value { held.withLock { $0 } }

    func set(_ value: Value) { held.withLock { $0 = value } }
}
