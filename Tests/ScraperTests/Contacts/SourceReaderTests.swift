import ContactValues
import Foundation
import Testing

@testable import Scraper

/// These need poppler's programs and tesseract with its languages, as an installation has them.
@Suite("A source", .serialized)
struct SourceReaderTests {
    @Test("that is a document gives its text")
    func document() async throws {
        let text = try await SourceReader().read(ContactSource(bytes: SamplePDF.letter, mimeType: "text/html"), recognising: false)
        let person = try #require(ContactFinder().find(in: text))
        #expect(text.method == .pdf && person.values[.email]?.value.text == "hans.meier@wohnen-beispiel.de")
        #expect(person.values[.phone]?.value.key == "+491711234567" && person.values[.name]?.value.text == "Hans Meier")
    }

    @Test("that is an interface's answer is read with its escapes undone")
    func interface() async throws {
        let json = #"{"kontakt":{"mail":"eva\u0040klein-beispiel.de","telefon":"030\/901820"},"tags":["\u00c4ltere Wohnung"]}"#
        let text = try await SourceReader().read(ContactSource(bytes: Array(json.utf8), mimeType: "application/json"), recognising: false)
        #expect(text.method == .api && text.text == "mail: eva@klein-beispiel.de\ntelefon: 030/901820\ntags: Ältere Wohnung")
        let person = try #require(ContactFinder().find(in: text))
        #expect(person.values[.email]?.value.text == "eva@klein-beispiel.de" && person.values[.phone]?.value.key == "+4930901820")
    }

    @Test("that is a picture is recognised word by word")
    func picture() async throws {
        let reader = SourceReader()
        let png = try #require(try PDFReader(limits: reader.limits).picture(of: 1, in: SamplePDF.letter))
        let text = try await reader.read(ContactSource(bytes: png, mimeType: "image/png"), recognising: true)
        let person = try #require(ContactFinder().find(in: text))
        #expect(text.method == .ocr && !text.words.isEmpty)
        #expect(person.values[.phone]?.value.key == "+491711234567")
        #expect(person.values[.email]?.value.text == "hans.meier@wohnen-beispiel.de")
        #expect(try #require(person.values[.phone]).confidence < 0.95)
        await #expect(throws: SourceError(.refused, "pictures are not read in this job")) {
            try await reader.read(ContactSource(bytes: png), recognising: false)
        }
    }

    @Test("that is a scanned document is recognised page by page, and left unread where nothing is to be recognised")
    func scan() async throws {
        let reader = SourceReader()
        let pictures = try [SamplePDF.letter, SamplePDF.bytes(["Zweite Seite"])].map { document -> SamplePDF.Picture in
            let process = BoundedProcess(limits: reader.limits, output: 64 * 1024 * 1024)
            return try #require(SamplePDF.Picture(pgm: try process.run("pdftoppm", ["-q", "-gray", "-scale-to", "2400", "-"], input: document)))
        }
        let source = ContactSource(bytes: SamplePDF.scan(pictures), mimeType: "application/pdf")
        let unread = try await reader.read(source, recognising: false)
        #expect(unread.method == .pdf && unread.text.allSatisfy(\.isWhitespace))
        let text = try await reader.read(source, recognising: true)
        let person = try #require(ContactFinder().find(in: text))
        #expect(text.method == .ocr && person.values[.name]?.value.text == "Hans Meier")
        #expect(person.values[.phone]?.value.key == "+491711234567")
        #expect(person.values[.email]?.value.text == "hans.meier@wohnen-beispiel.de")
        // How sure a word is, is known of where it stands in the whole.
        let second = try #require(text.text.range(of: "Zweite"))
        let start = text.text[..<second.lowerBound].utf8.count
        #expect(start > 0 && text.words.contains { $0.range == start..<start + 6 })
    }

    @Test("that is damaged, too large or of no kind is refused with the reason")
    func refused() async throws {
        var limits = ReadingLimits()
        limits.pixels = 1000
        limits.bytes = 100_000
        let reader = SourceReader(limits: limits)
        let png = try #require(try PDFReader(limits: ReadingLimits()).picture(of: 1, in: SamplePDF.letter))
        let sources: [(ContactSource, SourceProblem)] = [
            (ContactSource(bytes: Array("%PDF-1.4 broken".utf8)), .unreadable), (ContactSource(bytes: png), .tooLarge),
            (ContactSource(bytes: [UInt8](repeating: 32, count: 100_001), mimeType: "text/plain"), .tooLarge),
            (ContactSource(bytes: [0xFF, 0xD8, 0xFF, 0, 1, 2]), .unreadable),
            (ContactSource(bytes: [1, 2, 3], mimeType: "application/zip"), .unreadable),
        ]
        for (source, problem) in sources {
            do {
                _ = try await reader.read(source, recognising: true)
                Issue.record("it was read: \(source.bytes.prefix(8))")
            } catch let error as SourceError {
                #expect(error.problem == problem)
            }
        }
    }

    @Test("is read by a program whose time, output and end are bounded")
    func bounded() async throws {
        var limits = ReadingLimits()
        limits.time = .seconds(2)
        let process = BoundedProcess(limits: limits, output: 1000)
        let outcomes: [BoundedProcess.Failure?] = try await SourceReader().run {
            [("sleep", ["60"]), ("yes", []), ("false", []), ("no-such-program", []), ("cat", [])].map { program, arguments in
                do {
                    let output = try process.run(program, arguments, input: Array("hello".utf8))
                    return output == Array("hello".utf8) ? nil : .notStarted
                } catch { return error as? BoundedProcess.Failure }
            }
        }
        #expect(outcomes == [.timeout, .tooMuchOutput, .exit(1), .exit(127), nil])
    }

    @Test("waits its turn: no more are read at once than there are threads, and further ones are refused")
    func capped() async throws {
        let reader = SourceReader(threads: 1, waiting: 1)
        let gate = DispatchSemaphore(value: 0)
        let (begun, begins) = AsyncStream<Void>.makeStream()
        let first = Task {
            try await reader.run {
                begins.finish()
                gate.wait()
            }
        }
        for await _ in begun {}
        // The thread is taken, and there is room for one to wait: of two further ones, one is refused at once.
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<2 {
                group.addTask { (try? await reader.run {}) != nil }
            }
            let one = await group.next()
            gate.signal()
            return [one, await group.next()]
        }
        try await first.value
        #expect(outcomes == [false, true])
    }

    @Test(
        "from elsewhere is read or refused, and never anything else", .enabled(if: SourceReaderTests.documents != nil, "there are no documents here"))
    func foreign() async throws {
        let folder = try #require(Self.documents)
        let reader = SourceReader()
        var limits = ReadingLimits()
        limits.recognisedPages = 1
        for name in ["paperless/encrypted.pdf", "paperless/invalid_pdf.pdf", "ocrmypdf/invalid.pdf", "paperless/multi-page-digital.pdf", "expose"] {
            var file = folder.appendingPathComponent(name)
            if name == "expose", let found = try? FileManager.default.contentsOfDirectory(at: file, includingPropertiesForKeys: nil).first {
                file = found
            }
            guard let data = try? Data(contentsOf: file) else { continue }
            do {
                let text = try await reader.read(ContactSource(bytes: [UInt8](data)), recognising: false)
                #expect(text.method == .pdf)
            } catch let error as SourceError {
                #expect(error.problem == .unreadable, "\(name)")
            }
        }
    }

    static let documents: URL? = {
        let folder = Fixtures.realData?.deletingLastPathComponent().appendingPathComponent("documents")
        return folder.flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil }
    }()
}
