import Foundation
import Testing

/// An archive as Python's zipfile reads it, checksums compared: a reader of somebody else's.
struct Unzipped {
    var files: [String: Data] = [:]

    init(_ bytes: [UInt8]) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-zip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let archive = folder.appendingPathComponent("archive.zip")
        try Data(bytes).write(to: archive)
        let out = folder.appendingPathComponent("out")
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        python.arguments = [
            "-c", "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2])",
            archive.path, out.path,
        ]
        try python.run()
        python.waitUntilExit()
        try #require(python.terminationStatus == 0)
        for case let path as String in FileManager.default.enumerator(atPath: out.path) ?? .init() {
            let url = out.appendingPathComponent(path)
            if try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true { files[path] = try Data(contentsOf: url) }
        }
    }
}
