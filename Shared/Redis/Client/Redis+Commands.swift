extension Redis {
    /// The value at a key, or nil. Throws as `send` does.
    public func get(_ key: String) async throws -> [UInt8]? {
        let answer = try await send(RedisCommand("GET", key))
        if case .null = answer { return nil }
        guard let bytes = answer.bytes else { throw RedisError.unexpectedReply("GET") }
        return bytes
    }

    /// Sets a value, for good or for a while. Throws as `send` does.
    public func set(_ key: String, _ value: [UInt8], expires: Duration? = nil) async throws {
        if let expires {
            _ = try await send(RedisCommand("SET", key, value, "PX", expires.wholeMilliseconds))
        } else {
            _ = try await send(RedisCommand("SET", key, value))
        }
    }

    /// Sets only when absent; true when it was set. Throws as `send` does.
    public func setIfAbsent(_ key: String, _ value: [UInt8], expires: Duration) async throws -> Bool {
        try await send(RedisCommand("SET", key, value, "NX", "PX", expires.wholeMilliseconds)) != .null
    }

    /// Deletes keys and gives how many of them there were. Throws as `send` does.
    @discardableResult
    public func delete(_ keys: [String]) async throws -> Int {
        guard !keys.isEmpty else { return 0 }
        // UNLINK frees the memory of large values beside the server's main thread.
        guard let count = try await send(RedisCommand("UNLINK", arguments: keys)).integer else { throw RedisError.unexpectedReply("UNLINK") }
        return Int(count)
    }
}

extension Duration {
    /// For `PX`, which refuses zero.
    var wholeMilliseconds: Int { max(1, Int(self / .milliseconds(1))) }
}
