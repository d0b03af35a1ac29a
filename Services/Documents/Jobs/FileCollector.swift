import Files
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Removes files that no document has named for a day, hourly and in small batches. Copies share the work by skipping locked rows.
struct FileCollector: Service {
    let postgres: Postgres
    let files: FolderFileStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    while try await collect(atMost: 100) == 100 {}
                    try await files.removeUnfinished()
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("files could not be collected", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: .seconds(3600)) } catch { return }
            }
        }
    }

    func collect(atMost limit: Int, orphanedFor age: Duration = .seconds(86_400)) async throws -> Int {
        try await StoredFileStore(postgres: postgres, files: files).collect(atMost: limit, orphanedFor: age)
    }
}
