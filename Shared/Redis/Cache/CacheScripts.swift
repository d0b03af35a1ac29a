/// What must happen at once in Redis.
enum CacheScripts {
    /// KEYS: key, its marker. ARGV: value, milliseconds, the marker that the load saw.
    static let store = RedisScript(
        """
        if (redis.call('GET', KEYS[2]) or '') ~= ARGV[3] then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
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
