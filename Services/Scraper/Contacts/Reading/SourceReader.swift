import Foundation
import Outbound

/// Turns a source into text, on threads of its own, a few at a time: neither the cooperative pool nor the machine is filled with it.
final class SourceReader: Sendable {
    let limits: ReadingLimits
    private let threads: ReadingThreads
    private let most: Int

    /// - Parameters:
    ///   - threads: sources at once in this process.
    ///   - waiting: sources that may wait for a thread; a further one is refused.
    init(limits: ReadingLimits = ReadingLimits(), threads: Int = 2, waiting: Int = 32) {
        self.limits = limits
        most = threads + waiting
        // A scanned document has a limit for each of its steps.
        self.threads = ReadingThreads(name: "hearth.contact-sources", count: threads, limit: limits.time * (2 * limits.recognisedPages + 2))
    }

    /// Throws ``SourceError``.
    func read(_ source: ContactSource, recognising: Bool) async throws -> ReadText {
        guard source.bytes.count <= limits.bytes else { throw SourceError(.tooLarge, "the source has more than \(limits.bytes) bytes") }
        guard let kind = source.kind else { throw SourceError(.unreadable, "a source of this type is not read: \(source.mimeType ?? "none")") }
        if kind == .image, !recognising { throw SourceError(.refused, "pictures are not read in this job") }
        return try await run { [limits] in try Self.read(source, kind, limits, recognising) }
    }

    /// Runs a blocking body on one of the threads. Throws ``SourceError`` when too many wait.
    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        guard threads.count < most else { throw SourceError(.network, "too many sources wait to be read") }
        do { return try await threads.run(body) } catch is OutOfTime { throw SourceError(.timeout, "the source took too long to read") }
    }

    private static func read(_ source: ContactSource, _ kind: ContactSource.Kind, _ limits: ReadingLimits, _ recognising: Bool) throws -> ReadText {
        switch kind {
        case .html: return try page(source)
        case .text:
            guard source.mimeType?.contains("json") == true else { return ReadText(text: shortened(try decoded(source)), method: .webScraping) }
            // What is no JSON after all is read as it stands.
            return ReadText(
                text: shortened(try JSONNode(source.bytes).map { $0.labelledTexts.joined(separator: "\n") } ?? decoded(source)), method: .api)
        case .image: return try PictureReader(limits: limits).read(source.bytes)
        case .pdf:
            let text = try PDFReader(limits: limits).text(of: source.bytes)
            let isScan = text.count(where: { !$0.isWhitespace }) < 40
            return isScan && recognising ? try scan(source.bytes, limits) : ReadText(text: shortened(text), method: .pdf)
        }
    }

    private static func decoded(_ source: ContactSource) throws -> String {
        do {
            return try PageText.decode(source.bytes, contentType: source.mimeType)
        } catch {
            throw SourceError(.unreadable, error.detail)
        }
    }

    private static func page(_ source: ContactSource) throws -> ReadText {
        guard let document = HTMLDocument(try decoded(source)) else {
            throw SourceError(.unreadable, "the page nests too deeply")
        }
        return ReadText(text: shortened(document.readableText), method: .webScraping, links: document.contactLinks)
    }

    /// A document whose pages are pictures.
    private static func scan(_ bytes: [UInt8], _ limits: ReadingLimits) throws -> ReadText {
        var whole = ReadText(text: "", method: .ocr)
        for number in 1...max(1, limits.recognisedPages) {
            let picture: [UInt8]
            do {
                guard let page = try PDFReader(limits: limits).picture(of: number, in: bytes) else { break }
                picture = page
            } catch let error where number > 1 && error as? SourceError != nil {
                // There is no such page.
                break
            }
            let page = try PictureReader(limits: limits).read(picture)
            if !whole.text.isEmpty { whole.text += "\n" }
            let offset = whole.text.utf8.count
            whole.text += page.text
            whole.words += page.words.map { .init(range: $0.range.lowerBound + offset..<$0.range.upperBound + offset, confidence: $0.confidence) }
        }
        return whole
    }

    private static func shortened(_ text: String) -> String {
        text.utf8.count <= ReadText.longest ? text : String(decoding: Array(text.utf8.prefix(ReadText.longest)), as: UTF8.self)
    }
}
