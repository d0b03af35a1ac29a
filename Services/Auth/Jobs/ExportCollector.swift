import Contracts
import Foundation
import Logging
import Messaging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Collects exports: asks each service for its part, page by page. A service that is away is asked again later, and the export waits for it. Copies share the
/// work by parts.
struct ExportCollector: Service {
    let store: ExportCollectionStore
    let requests: Requests
    /// What auth itself holds.
    let own: PersonalDataDesk
    let signals: SignalSource
    let logger: Logger

    /// Told when an export was asked for here; the others look by themselves now and then.
    typealias SignalSource = @Sendable () -> AsyncStream<Void>

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                let (ticks, tick) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
                group.addTask { for await _ in self.signals() { tick.yield() } }
                group.addTask {
                    while !Task.isCancelled {
                        tick.yield()
                        try? await Task.sleep(for: .seconds(5))
                    }
                    tick.finish()
                }
                for await _ in ticks where !Task.isCancelled { await self.collect() }
                group.cancelAll()
            }
        }
    }

    /// Everything that is due.
    func collect() async {
        do {
            while !Task.isCancelled, let part = try await store.claim() { try await collect(part) }
        } catch is CancellationError {
            return
        } catch {
            logger.warning("An export could not be collected", metadata: ["error": "\(error)"])
        }
    }

    private func collect(_ part: ExportPart) async throws {
        var part = part
        do {
            while true {
                let page = try await page(of: part)
                guard try await store.keep(page, of: part) else { return }
                guard let next = page.nextCursor else { return }
                part.nextCursor = next
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // Away, most often. Doubled each time, up to ten minutes.
            let pause = min(2 << min(part.attempts, 9), 600)
            logger.warning(
                "A service is asked for its part of an export later",
                metadata: ["of": "\(part.service.rawValue)", "error": "\(error)", "seconds": "\(pause)"])
            try await store.postpone(part, seconds: pause)
        }
    }

    private func page(of part: ExportPart) async throws -> PersonalDataPage {
        switch part.service {
        case .auth: try await own.page(of: part.userID, after: part.nextCursor)
        case .catalog: try await ask(Owners.Catalog.self, part)
        case .documents: try await ask(Owners.Documents.self, part)
        case .campaigns: try await ask(Owners.Campaigns.self, part)
        case .alerts: try await ask(Owners.Alerts.self, part)
        case .scraper: try await ask(Owners.Scraper.self, part)
        case .analytics: try await ask(Owners.Analytics.self, part)
        }
    }

    private func ask<Owner: ServiceOwner>(_ owner: Owner.Type, _ part: ExportPart) async throws -> PersonalDataPage {
        try await requests.ask(ExportPersonalData<Owner>(userID: part.userID, cursor: part.nextCursor), within: .seconds(30))
    }
}
