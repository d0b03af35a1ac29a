import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The calls that need no open file. They block: run them on a thread pool.
enum FileSystemCalls {
    static func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    static func rename(_ source: String, to destination: String) throws {
        guard moved(source, destination) == 0 else { throw FileStoreError.last("rename to \(destination)") }
    }

    static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileStoreError.last("remove \(path)") }
    }

    /// A renamed file is only sure to be found after a power cut once its folder is synchronised.
    static func synchroniseFolder(_ path: String) throws {
        try OpenFile(reading: path)?.synchronise()
    }

    static func removeFiles(in folder: String, notTouchedSince date: Date) throws {
        guard FileManager.default.fileExists(atPath: folder) else { return }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let path = folder + "/" + name
            let touched = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
            if let touched, touched < date { try remove(path) }
        }
    }
}

/// Outside of the enumeration, where `rename` means the system's.
private func moved(_ source: String, _ destination: String) -> CInt { rename(source, destination) }
