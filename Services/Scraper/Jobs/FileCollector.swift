import Files
import Logging
import ServiceLifecycle

/// Removes, by the clock, files that nothing has named for a day. Copies share the work.
struct FileCollector: Service {
    static let batch = 100

    let orphans: FileOrphanStore
    let files: FolderFileStore
    let logger: Logger
    var interval: Duration = .seconds(3600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    while try await orphans.collect(atMost: Self.batch, orphanedFor: .seconds(86_400)) == Self.batch {}
                    try await files.removeUnfinished()
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("Files could not be collected.", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: interval)
            }
        }
    }
}
