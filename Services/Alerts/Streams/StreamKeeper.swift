import Messaging
import ServiceLifecycle

/// Wakes every stream when this copy hears again, and ends them all when the process is asked to stop.
struct StreamKeeper: Service {
    let streams: LiveStreams
    let broker: Broker
    let broadcasts: Broadcasts

    func run() async throws {
        await withGracefulShutdownHandler {
            for await isConnected in broker.connectivity().cancelOnGracefulShutdown() where isConnected {
                // The queue of this copy is bound a moment after the connection stands: what is told between reaches nobody.
                while broker.isConnected, !broadcasts.isSubscribed {
                    do { try await Task.sleep(for: .milliseconds(20)) } catch { return }
                }
                streams.wakeAll()
            }
        } onGracefulShutdown: {
            streams.endAll()
        }
    }
}
