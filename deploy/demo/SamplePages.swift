import ClientKit
import Foundation

/// A folder of pages as a site: a path is a file, with or without its extension. As on a real site, the offers are new each time: their numbers get
/// a beginning of their own per run, since an offer that Hearth knows already is no news to anybody.
struct SamplePages: Sendable {
    let folder: URL
    /// Six digits.
    let run: String

    private var numbers: [(stored: String, shown: String)] { [("9001000", "1\(run)"), ("9002000", "2\(run)")] }

    func page(_ path: String) throws -> ProviderSite.Page? {
        guard !path.contains("..") else { return nil }
        let name = numbers.reduce(String(path.dropFirst())) { $0.replacingOccurrences(of: $1.shown, with: $1.stored) }
        for candidate in ["", ".html", ".json"].map({ folder.appendingPathComponent(name + $0) }) {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder), !isFolder.boolValue else { continue }
            let bytes = try Data(contentsOf: candidate)
            guard let type = Self.types[candidate.pathExtension] else { return .init(type: "application/octet-stream", bytes: Array(bytes)) }
            let text = numbers.reduce(String(decoding: bytes, as: UTF8.self)) { $0.replacingOccurrences(of: $1.stored, with: $1.shown) }
            return .init(type: type, bytes: Array(text.utf8))
        }
        return nil
    }

    private static let types = ["html": "text/html; charset=utf-8", "json": "application/json", "txt": "text/plain; charset=utf-8"]
}
