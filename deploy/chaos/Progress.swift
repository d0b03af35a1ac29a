import Foundation

/// Lines with the time since the beginning.
struct Progress: Sendable {
    private let start = ContinuousClock.now

    func say(_ text: String) {
        FileHandle.standardOutput.write(Data("\(Self.seconds(.now - start, width: 7))  \(text)\n".utf8))
    }

    static func seconds(_ duration: Duration, width: Int = 0) -> String {
        let tenths = Int((duration / .milliseconds(100)).rounded())
        let text = "\(tenths / 10).\(tenths % 10) s"
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
