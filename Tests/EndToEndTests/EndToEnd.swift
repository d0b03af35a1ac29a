import Testing

/// One after the other: they share the processes, the provider's port, and one of them stops a service.
@Suite("End to end", .serialized, .enabled(if: RunningSystem.isUp, RunningSystem.whyNot))
enum EndToEnd {}
