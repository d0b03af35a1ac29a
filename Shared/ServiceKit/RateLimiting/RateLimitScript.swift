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

    /// The same for several cells at once: all of them, or none. KEYS: the cells. ARGV: microseconds per request and quota of each. Gives 1 or 0, and for
    /// each cell: permits left, microseconds until the next one, until the whole quota.
    static let takeAll = RedisScript(
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local fulls, spans, intervals = {}, {}, {}
        local allowed = 1
        for i, key in ipairs(KEYS) do
          intervals[i] = tonumber(ARGV[2 * i - 1])
          spans[i] = intervals[i] * tonumber(ARGV[2 * i])
          fulls[i] = math.max(now, math.min(tonumber(redis.call('GET', key) or 0), now + spans[i]))
          if now + spans[i] - fulls[i] < intervals[i] then allowed = 0 end
        end
        local answer = {allowed}
        for i, key in ipairs(KEYS) do
          if allowed == 1 then
            fulls[i] = fulls[i] + intervals[i]
            redis.call('SET', key, string.format('%.0f', fulls[i]), 'PX', math.ceil((fulls[i] - now) / 1000))
          end
          answer[#answer + 1] = math.floor((now + spans[i] - fulls[i]) / intervals[i])
          answer[#answer + 1] = math.max(0, fulls[i] + intervals[i] - (now + spans[i]))
          answer[#answer + 1] = fulls[i] - now
        end
        return answer
        """)
}
