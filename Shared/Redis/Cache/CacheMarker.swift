/// What a removal leaves behind, so that a load which began before it cannot store.
enum CacheMarker {
    static let life = Duration.seconds(30)
    /// Shorter than a marker's life by more than what a store may wait for Redis: a load stores only while every marker since its start stands.
    static let longestLoad = Duration.seconds(20)

    /// The braces make a cluster keep it with its key.
    static func key(of key: String) -> String { "gone:{\(key)}" }

    static func new() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
    }
}
