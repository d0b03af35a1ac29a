import Foundation
import Logging
import Synchronization

/// One JSON object per line on the standard output: `time`, `level`, `message`, `service`, `logger`, then the metadata by its own names.
struct JSONLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let service: String
    private let write: @Sendable (String) -> Void

    init(
        label: String, service: String, level: Logger.Level, metadataProvider: Logger.MetadataProvider?,
        write: @escaping @Sendable (String) -> Void = StandardOutput.write
    ) {
        self.label = label
        self.service = service
        self.write = write
        self.metadataProvider = metadataProvider
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = JSONLine()
        line.add("time", .string(Date().formatted(Self.time)))
        line.add("level", .string(event.level.rawValue))
        line.add("message", .string(event.message.description))
        line.add("service", .string(service))
        line.add("logger", .string(label))
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let given = event.metadata { all.merge(given) { _, new in new } }
        if let error = event.error { all["error"] = .string(String(describing: error)) }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { line.add(key, value) }
        write(line.finished())
    }

    private static let time = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}

/// Whole lines, also when several threads write.
enum StandardOutput {
    private static let lock = Mutex(())

    static func write(_ line: String) {
        var line = line
        lock.withLock { _ in
            line.withUTF8 { bytes in
                // A line that cannot be written (the reader has gone) has nowhere else to go.
                try? FileHandle.standardOutput.write(contentsOf: Data(bytes))
            }
        }
    }
}
