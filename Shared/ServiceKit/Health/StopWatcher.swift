import ServiceLifecycle

/// Says at the very beginning of a stop that the service takes no more work.
struct StopWatcher: Service {
    let readiness: Readiness

    func run() async throws {
        try await gracefulShutdown()
        readiness.isServing = false
    }
}
