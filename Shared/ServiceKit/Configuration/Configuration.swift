import Contracts
import Foundation
import Logging
import Messaging
import ServiceLifecycle
import Synchronization

/// The platform's settings and feature flags as this process knows them.
///
/// They belong to `auth`. Each copy asks for all of them when it starts, when it has reconnected, at every change it hears of
/// (`auth.configuration.changed.v1`, `auth.feature_flag.changed.v1`, on the queue that each copy has of its own), and once a minute besides. While `auth`
/// cannot be asked the last known ones hold; before the first answer, and where no setting is active, the defaults do, which come from the
/// environment.
public final class Configuration: Service {
    private struct State {
        var source: any ConfigurationSource
        var settings: [String: SettingSnapshot] = [:]
        var flags: [String: FeatureFlagSnapshot] = [:]
        var watchers: [@Sendable (Configuration) -> Void] = []
        var takeBlocks: @Sendable ([RateLimitBlockSnapshot]) -> Void = { _ in }
        var isKnown = false
        /// Questions are numbered as they are put.
        var lastQuestion = 0
        var lastTaken = 0
    }

    private static let longestPause = Duration.seconds(30)

    private let broker: Broker
    private let broadcasts: Broadcasts
    private let encryption: Encryption
    private let logger: Logger
    private let refresh: Duration
    private let state: Mutex<State>
    private let changes: AsyncStream<Void>
    private let change: AsyncStream<Void>.Continuation

    init(
        source: any ConfigurationSource, broker: Broker, broadcasts: Broadcasts, encryption: Encryption, refresh: Duration = .seconds(60),
        logger: Logger
    ) {
        self.broker = broker
        self.broadcasts = broadcasts
        self.encryption = encryption
        self.logger = logger
        self.refresh = refresh
        state = Mutex(State(source: source))
        (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes what holds from elsewhere than the broker: `auth` does, from its own tables. Call it in `build`.
    public func use(_ source: any ConfigurationSource) { state.withLock { $0.source = source } }

    /// A value that follows a setting, and is `standard` while no setting is active or what it holds cannot be read as one. One that needs a restart is
    /// taken once. Call it in `build`.
    public func live<Value: Sendable>(_ key: ConfigurationKey<Value>, default standard: Value) -> LiveValue<Value> {
        let value = LiveValue(standard)
        let isTaken = Mutex(false)
        watch { configuration in
            let setting = configuration.setting(key.name)
            let isFirst = isTaken.withLock { isTaken in
                defer { isTaken = true }
                return !isTaken
            }
            guard isFirst || setting?.requiresRestart != true else { return }
            value.set(setting.flatMap { configuration.read($0, as: key) } ?? standard)
        }
        return value
    }

    /// The value of an active setting; nil when there is none or it cannot be read as one.
    public func value<Value>(_ key: ConfigurationKey<Value>) -> Value? {
        setting(key.name).flatMap { read($0, as: key) }
    }

    /// Whether a flag is on for somebody, decided here from what was heard last. A flag that is not known gives `standard`.
    public func isOn(_ flag: String, for caller: Caller?, default standard: Bool = false) -> Bool {
        guard let flag = state.withLock({ $0.flags[flag] }) else { return standard }
        return flag.isOn(for: caller)
    }

    /// Every flag, as it is for somebody.
    public func flags(for caller: Caller?) -> [String: Bool] {
        state.withLock { $0.flags }.mapValues { $0.isOn(for: caller) }
    }

    /// The settings that anybody may read, as JSON by key.
    public var publicSettings: [(key: String, value: String)] {
        state.withLock { $0.settings.values.filter(\.isPublic) }.compactMap { setting in setting.value.map { (setting.key, $0) } }
            .sorted { $0.key < $1.key }
    }

    /// Whether anything was heard yet.
    public var isKnown: Bool { state.withLock { $0.isKnown } }

    /// Asks at once. `auth` calls it in the copy that changes something, so that its own next answer is right.
    public func reload() async throws {
        let (source, question) = state.withLock { state in
            state.lastQuestion += 1
            return (state.source, state.lastQuestion)
        }
        take(try await source.configuration(), to: question)
    }

    /// Who is shut out is told along.
    func onBlocks(_ body: @escaping @Sendable ([RateLimitBlockSnapshot]) -> Void) { state.withLock { $0.takeBlocks = body } }

    /// Hears of changes.
    func listen() {
        broadcasts.on(ConfigurationChanged.self) { [change] _, _ in change.yield() }
        broadcasts.on(FeatureFlagChanged.self) { [change] _, _ in change.yield() }
    }

    /// Keeps up, as long as the process runs.
    public func run() async throws {
        change.yield()
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.watchTheBroker() }
                group.addTask {
                    while (try? await Task.sleep(for: self.refresh)) != nil { self.change.yield() }
                }
                for await _ in self.changes { await self.keepAsking() }
                group.cancelAll()
            }
        }
    }

    /// What changed while nobody listened is found out by asking.
    private func watchTheBroker() async {
        for await isConnected in broker.connectivity() where isConnected {
            while broker.isConnected, !broadcasts.isSubscribed {
                guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { return }
            }
            change.yield()
        }
    }

    private func keepAsking() async {
        var pause = Duration.milliseconds(250)
        while !Task.isCancelled {
            do {
                return try await reload()
            } catch {
                logger.debug("The configuration cannot be had", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, Self.longestPause)
            }
        }
    }

    /// Of two questions that were under way at once, the answer to the later one is the newer, in whatever order they come.
    private func take(_ answer: ListConfiguration.Response, to question: Int) {
        let listeners = state.withLock {
            state -> (watchers: [@Sendable (Configuration) -> Void], takeBlocks: @Sendable ([RateLimitBlockSnapshot]) -> Void)? in
            guard question > state.lastTaken else { return nil }
            state.lastTaken = question
            state.settings = Dictionary(answer.settings.map { ($0.key, $0) }) { $1 }
            state.flags = Dictionary(answer.flags.map { ($0.name, $0) }) { $1 }
            state.isKnown = true
            return (state.watchers, state.takeBlocks)
        }
        guard let listeners else { return }
        listeners.takeBlocks(answer.blocks)
        for watcher in listeners.watchers { watcher(self) }
    }

    private func watch(_ watcher: @escaping @Sendable (Configuration) -> Void) {
        state.withLock { $0.watchers.append(watcher) }
    }

    private func setting(_ name: String) -> SettingSnapshot? { state.withLock { $0.settings[name] } }

    private func read<Value>(_ setting: SettingSnapshot, as key: ConfigurationKey<Value>) -> Value? {
        if let value = setting.value { return key.read(Data(value.utf8)) }
        guard let sealed = setting.sealedValue.flatMap({ Data(base64Encoded: $0) }),
            let value = try? encryption.open(Array(sealed), context: SettingSnapshot.sealingContext)
        else {
            logger.warning("A sealed setting cannot be opened", metadata: ["key": "\(setting.key)"])
            return nil
        }
        return key.read(Data(value))
    }
}
