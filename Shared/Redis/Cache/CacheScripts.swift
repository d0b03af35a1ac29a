/// What must happen at once in Redis.
enum CacheScripts {
    /// KEYS: for each value its key and the key's marker. ARGV: for each its bytes, milliseconds, and the marker that the load saw.
    static let store = RedisScript(
        """
        local stored = 0
        local at = 1
        for i = 1, #KEYS, 2 do
          if (redis.call('GET', KEYS[i + 1]) or '') == ARGV[at + 2] then
            redis.call('SET', KEYS[i], ARGV[at], 'PX', ARGV[at + 1])
            stored = stored + 1
          end
          at = at + 3
        end
        return stored
        """)

    /// KEYS: key, its marker. ARGV: value, milliseconds, new marker, the marker's milliseconds.
    static let put = RedisScript(
        """
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
        return 1
        """)

    /// KEYS: keys, then their markers. ARGV: new marker, its milliseconds.
    static let remove = RedisScript(
        """
        local half = #KEYS / 2
        for i = 1, half do
          redis.call('UNLINK', KEYS[i])
          redis.call('SET', KEYS[half + i], ARGV[1], 'PX', ARGV[2])
        end
        return half
        """)
}
