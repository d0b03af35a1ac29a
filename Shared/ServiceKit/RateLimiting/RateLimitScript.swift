import Redis

enum RateLimitScript {
    /// KEYS: the subject's cell, which holds the time at which its whole quota will be there again ("theoretical arrival time"). ARGV: microseconds
    /// per request, quota, permits wanted. Gives: permits granted, permits left, microseconds until the next one, until the whole quota.
    static let take = RedisScript(
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local interval, quota, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local full = math.max(now, math.min(tonumber(redis.call('GET', KEYS[1]) or 0), now + interval * quota))
        local free = math.floor((now + interval * quota - full) / interval)
        local granted = math.min(wanted, free)
        if granted > 0 then
          full = full + granted * interval
          redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
        end
        local wait = math.max(0, full + interval - (now + interval * quota))
        return {granted, free - granted, wait, full - now}
        """)
}
