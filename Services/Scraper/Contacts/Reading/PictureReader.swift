import CTesseract
import Foundation

/// The text of a picture, by tesseract in German and English, word by word with how sure each is. Blocking.
struct PictureReader: Sendable {
    static let languages = "deu+eng"

    var limits: ReadingLimits

    init(limits: ReadingLimits) {
        self.limits = limits
        // Two threads for one picture are slower than one on busy cores. Said before tesseract is first used.
        _ = Self.quietly
    }

    private static let quietly: Void = {
        setenv("OMP_THREAD_LIMIT", "1", 1)
        // What is wrong with a stranger's picture is for its job to say, not for this process's output.
        setMsgSeverity(Int32(L_SEVERITY_NONE))
    }()

    func read(_ bytes: [UInt8]) throws -> ReadText {
        let picture = try unpacked(bytes)
        var owned: UnsafeMutablePointer<PIX>? = picture
        defer { pixDestroy(&owned) }
        guard let engine = TessBaseAPICreate() else { throw SourceError(.network, "the reader of pictures could not be started") }
        defer {
            TessBaseAPIEnd(engine)
            TessBaseAPIDelete(engine)
        }
        guard TessBaseAPIInit3(engine, nil, Self.languages) == 0 else {
            throw SourceError(.network, "the reader of pictures lacks its languages: \(Self.languages)")
        }
        TessBaseAPISetVariable(engine, "debug_file", "/dev/null")
        TessBaseAPISetPageSegMode(engine, PSM_AUTO)
        TessBaseAPISetImage2(engine, picture)
        let milliseconds = Int32(clamping: limits.time.components.seconds * 1000)
        let start = ContinuousClock.now
        guard hearth_tesseract_recognize(engine, milliseconds) == 0 else { throw late }
        // At its deadline tesseract stops, and says nothing of it.
        guard ContinuousClock.now - start < limits.time else { throw late }
        return collect(engine)
    }

    private var late: SourceError { SourceError(.timeout, "the picture took longer than \(limits.time.components.seconds) seconds") }

    /// The size is looked at before anything is unpacked.
    private func unpacked(_ bytes: [UInt8]) throws -> UnsafeMutablePointer<PIX> {
        var (format, width, height, bits, samples, map): (Int32, Int32, Int32, Int32, Int32, Int32) = (0, 0, 0, 0, 0, 0)
        guard pixReadHeaderMem(bytes, bytes.count, &format, &width, &height, &bits, &samples, &map) == 0, width > 0, height > 0 else {
            throw SourceError(.unreadable, "the picture is of no kind that can be read")
        }
        let pixels = Int(width) * Int(height)
        guard pixels <= limits.pixels else { throw SourceError(.tooLarge, "the picture has more than \(limits.pixels) pixels") }
        guard let picture = pixReadMem(bytes, bytes.count) else { throw SourceError(.unreadable, "the picture is damaged") }
        guard pixels > limits.recognisedPixels else { return picture }
        let scale = Float((Double(limits.recognisedPixels) / Double(pixels)).squareRoot())
        var large: UnsafeMutablePointer<PIX>? = picture
        defer { pixDestroy(&large) }
        guard let small = pixScale(picture, scale, scale) else { throw SourceError(.unreadable, "the picture cannot be made smaller") }
        return small
    }

    private func collect(_ engine: OpaquePointer) -> ReadText {
        var read = ReadText(text: "", method: .ocr)
        guard let results = TessBaseAPIGetIterator(engine) else { return read }
        defer { TessResultIteratorDelete(results) }
        let page = TessResultIteratorGetPageIteratorConst(results)
        var text: [UInt8] = []
        repeat {
            guard let word = TessResultIteratorGetUTF8Text(results, RIL_WORD) else { continue }
            defer { TessDeleteText(word) }
            if !text.isEmpty {
                let isNewLine = TessPageIteratorIsAtBeginningOf(page, RIL_TEXTLINE) != 0
                text.append(UInt8(ascii: isNewLine ? "\n" : " "))
            }
            let start = text.count
            text += UnsafeBufferPointer(start: word, count: strlen(word)).map { UInt8(bitPattern: $0) }
            let confidence = Double(TessResultIteratorConfidence(results, RIL_WORD)) / 100
            read.words.append(.init(range: start..<text.count, confidence: min(max(confidence, 0), 1)))
        } while text.count < ReadText.longest && TessResultIteratorNext(results, RIL_WORD) != 0
        read.text = String(decoding: text, as: UTF8.self)
        return read
    }
}
