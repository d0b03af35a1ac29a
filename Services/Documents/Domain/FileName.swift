import Foundation

/// A file's name as given, without any path, and a form of it that every file system takes.
struct FileName: Equatable {
    var original: String
    var safe: String
    /// Lower case, without the dot; empty when there is none.
    var fileExtension: String

    /// Among them the marks that turn the direction of writing, by which `gpj.exe` passes for `exe.jpg`.
    private static let invisible: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator, .paragraphSeparator]

    init?(_ text: String) {
        let base = text.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let clean = String(String.UnicodeScalarView(base.unicodeScalars.filter { !Self.invisible.contains($0.properties.generalCategory) }))
            .trimmingCharacters(in: .whitespaces)
        guard !clean.isEmpty, clean != ".", clean != ".." else { return nil }
        original = String(clean.unicodeScalars.suffix(255))
        safe = String(original.map { $0.isLetter || $0.isNumber || "._- ()".contains($0) ? $0 : "_" })
        let parts = original.split(separator: ".", omittingEmptySubsequences: false)
        let last = parts.count > 1 ? parts[parts.count - 1].lowercased() : ""
        fileExtension = last.count <= 10 && last.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } ? last : ""
    }
}
