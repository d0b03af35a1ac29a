import Foundation

/// One `0001_description.sql`, read.
struct MigrationFile: Sendable {
    static let divider = "-- migrate:down"

    let version: String
    let description: String
    /// The whole file, of which the checksum is made.
    let text: String
    let up: String
    let down: String

    /// The files of some directories, in the order of their versions.
    static func read(_ directories: [String]) throws -> [MigrationFile] {
        var files: [MigrationFile] = []
        for directory in directories {
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) where name.hasSuffix(".sql") {
                files.append(try MigrationFile(name: name, text: String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)))
            }
        }
        files.sort { $0.version < $1.version }
        for (file, next) in zip(files, files.dropFirst()) where file.version == next.version {
            throw MigrationError("two migrations have the version \(file.version): \(file.description) and \(next.description)")
        }
        return files
    }

    init(name: String, text: String) throws {
        let parts = name.dropLast(".sql".count).split(separator: "_", maxSplits: 1)
        guard parts.count == 2, parts[0].count == 4, parts[0].utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw MigrationError("\(name) is not named like 0001_description.sql")
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let divider = lines.firstIndex(where: { $0.trimmingCharacters(in: .whitespaces) == Self.divider }) else {
            throw MigrationError("\(name) has no line `\(Self.divider)` with the way back after it")
        }
        version = String(parts[0])
        description = String(parts[1]).replacing("_", with: " ")
        self.text = text
        up = lines[..<divider].joined(separator: "\n")
        down = lines[(divider + 1)...].joined(separator: "\n")
    }
}
