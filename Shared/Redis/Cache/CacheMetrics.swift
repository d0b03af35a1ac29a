import Metrics

/// How well the cache does.
struct CacheMetrics: Sendable {
    let hits = Counter(label: "cache_lookups_total", dimensions: [("result", "hit")])
    let misses = Counter(label: "cache_lookups_total", dimensions: [("result", "miss")])
    /// Misses that waited for the load of another.
    let joins = Counter(label: "cache_lookups_total", dimensions: [("result", "joined")])
    let corrupt = Counter(label: "cache_corrupt_values_total")
}
