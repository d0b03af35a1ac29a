import Configuration
import Foundation

/// Settings from the environment through swift-configuration. `NAME_FILE` names a file that holds the value of `NAME` (a trailing line
/// break is not part of it); `NAME` itself wins. An empty value counts as absent. Secrets are marked as such and never printed.
public struct Settings: Sendable {
    private let reader: ConfigReader

    public init(_ environment: [String: String]) throws {
        reader = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment))
    }

    /// The settings of this process.
    public static func environment() throws -> Settings {
        try Settings(ProcessInfo.processInfo.environment)
    }

    /// Throws `SettingError` when it is missing.
    public func string(_ name: String) throws -> String {
        try required(name, isSecret: false)
    }

    /// A `NAME_FILE` that cannot be read counts as absent here.
    public func string(_ name: String, default value: String) -> String {
        (try? optional(name, isSecret: false)) ?? value
    }

    /// Throws `SettingError` when it is there and not a whole number.
    public func int(_ name: String, default value: Int) throws -> Int {
        try parsed(name, default: value, as: "a whole number", Int.init)
    }

    /// `true`, `yes`, `on`, `1` and their opposites, in any case.
    public func bool(_ name: String, default value: Bool) throws -> Bool {
        try parsed(name, default: value, as: "true or false") { text in
            switch text.lowercased() {
            case "true", "yes", "on", "1": true
            case "false", "no", "off", "0": false
            default: nil
            }
        }
    }

    /// Throws `SettingError` when it is there and not a finite number.
    public func double(_ name: String, default value: Double) throws -> Double {
        try parsed(name, default: value, as: "a number") { text in Double(text).flatMap { $0.isFinite ? $0 : nil } }
    }

    /// `500ms`, `5s`, `10m`, `1h`, `1d`.
    public func duration(_ name: String, default value: Duration) throws -> Duration {
        try parsed(name, default: value, as: "a duration such as 500ms, 5s, 10m, 1h or 1d", Duration.init(setting:))
    }

    /// A value that must not be printed. Throws `SettingError`, which holds the name alone, when it is missing.
    public func secret(_ name: String) throws -> String {
        try required(name, isSecret: true)
    }

    /// Values separated by commas, without the spaces around them.
    public func list(_ name: String, default value: [String]) -> [String] {
        guard let text = try? optional(name, isSecret: false) else { return value }
        return text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    private func required(_ name: String, isSecret: Bool) throws -> String {
        guard let value = try optional(name, isSecret: isSecret) else { throw SettingError(name, "is missing: set \(name) or \(name)_FILE") }
        return value
    }

    private func optional(_ name: String, isSecret: Bool) throws -> String? {
        if let value = reader.string(forKey: ConfigKey([name]), isSecret: isSecret), !value.isEmpty { return value }
        let file = name + "_FILE"
        guard let path = reader.string(forKey: ConfigKey([file])), !path.isEmpty else { return nil }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw SettingError(file, "names \(path), which cannot be read")
        }
        let value = text.trimmingSuffix(while: \.isNewline)
        return value.isEmpty ? nil : String(value)
    }

    private func parsed<Value>(_ name: String, default value: Value, as kind: String, _ parse: (String) -> Value?) throws -> Value {
        guard let text = try optional(name, isSecret: false) else { return value }
        guard let result = parse(text) else { throw SettingError(name, "is \"\(text)\", which is not \(kind)") }
        return result
    }
}

extension StringProtocol {
    fileprivate func trimmingSuffix(while holds: (Character) -> Bool) -> SubSequence {
        var end = endIndex
        while end > startIndex, holds(self[index(before: end)]) { end = index(before: end) }
        return self[..<end]
    }
}
