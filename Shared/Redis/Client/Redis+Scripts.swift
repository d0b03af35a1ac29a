extension Redis {
    /// Runs a script by its digest, sending the source only when the server does not know it (new, restarted, or after `SCRIPT FLUSH`). Throws as
    /// `send` does.
    public func run(_ script: RedisScript, keys: [String], arguments: [any RedisArgument] = []) async throws -> RedisValue {
        let inputs: [any RedisArgument] = [keys.count] + keys + arguments
        if let digest = script.digest.known {
            do {
                return try await send(RedisCommand("EVALSHA", arguments: [digest] + inputs))
            } catch let error as RedisError where error.code == "NOSCRIPT" {
                return try await send(RedisCommand("EVAL", arguments: [script.source] + inputs))
            }
        }
        guard let digest = try await send(RedisCommand("SCRIPT", "LOAD", script.source)).string else {
            throw RedisError.unexpectedReply("SCRIPT LOAD")
        }
        script.digest.known = digest
        return try await run(script, keys: keys, arguments: arguments)
    }
}
