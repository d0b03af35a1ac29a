import Foundation
import Logging
import Synchronization
import Testing

@testable import ServiceKit

struct JSONLogTests {
    final class Lines: Sendable {
        let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        func object() throws -> [String: Any] {
            let line = try #require(lines.withLock { $0.last })
            return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    private let lines = Lines()

    private func logger(_ provider: Logger.MetadataProvider? = nil) -> Logger {
        Logger(label: "hearth.test") { [lines] label in
            JSONLogHandler(label: label, service: "catalog", level: .info, metadataProvider: provider) { lines.add($0) }
        }
    }

    @Test func aLineIsOneObject() throws {
        logger().info("A \"quoted\"\nline \u{1}", metadata: ["n": "1", "list": ["a", "b"], "map": ["k": "v"]])
        let object = try lines.object()
        #expect(object["message"] as? String == "A \"quoted\"\nline \u{1}")
        #expect(object["level"] as? String == "info")
        #expect(object["service"] as? String == "catalog")
        #expect(object["list"] as? [String] == ["a", "b"])
        #expect(object["map"] as? [String: String] == ["k": "v"])
        #expect(lines.lines.withLock { $0[0].filter { $0 == "\n" }.count } == 1)
    }

    @Test func metadataCannotTakeTheNamesOfTheLine() throws {
        logger().info("true", metadata: ["message": "false", "level": "error"])
        #expect(try lines.object()["message"] as? String == "true")
        #expect(try lines.object()["level"] as? String == "info")
    }

    @Test func whatTheCallSaysWinsOverWhatTheContextSays() throws {
        var logger = logger(Logger.MetadataProvider { ["a": "context", "b": "context", "c": "context"] })
        logger[metadataKey: "a"] = "logger"
        logger.info("x", metadata: ["b": "call"])
        let object = try lines.object()
        #expect(object["a"] as? String == "context")
        #expect(object["b"] as? String == "call")
        #expect(object["c"] as? String == "context")
    }

    @Test func belowTheLevelNothingIsWritten() {
        logger().debug("x")
        #expect(lines.lines.withLock { $0.isEmpty })
    }
}
