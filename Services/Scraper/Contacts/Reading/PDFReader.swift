import Foundation

/// The text of a document, by poppler's own programs: a document that makes them stumble stops them and not the service. Blocking.
struct PDFReader: Sendable {
    var limits: ReadingLimits

    func text(of bytes: [UInt8]) throws -> String {
        let process = BoundedProcess(limits: limits, output: 2 * ReadText.longest)
        let output = try run { () throws(BoundedProcess.Failure) in
            try process.run("pdftotext", ["-q", "-enc", "UTF-8", "-nopgbrk", "-l", "\(limits.pages)", "-", "-"], input: bytes)
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// A page as a picture that is no larger than what is recognised, whatever the page says of its size; nil beyond the last.
    func picture(of page: Int, in bytes: [UInt8]) throws -> [UInt8]? {
        let process = BoundedProcess(limits: limits, output: 64 * 1024 * 1024)
        let side = Int(Double(limits.recognisedPixels).squareRoot())
        let output = try run { () throws(BoundedProcess.Failure) in
            try process.run(
                "pdftoppm", ["-q", "-gray", "-png", "-f", "\(page)", "-l", "\(page)", "-r", "200", "-scale-to", "\(min(side, 2400))", "-"],
                input: bytes)
        }
        return output.isEmpty ? nil : output
    }

    private func run(_ body: () throws(BoundedProcess.Failure) -> [UInt8]) throws -> [UInt8] {
        do {
            return try body()
        } catch .timeout {
            throw SourceError(.timeout, "the document took longer than \(limits.time.components.seconds) seconds")
        } catch .tooMuchOutput {
            throw SourceError(.tooLarge, "the document holds more text than is read")
        } catch .notStarted {
            throw SourceError(.network, "the reader of documents could not be started")
        } catch .exit(127) {
            throw SourceError(.network, "the reader of documents is not installed")
        } catch .exit(let status) {
            throw SourceError(.unreadable, "the document is damaged, encrypted or too heavy (status \(status))")
        }
    }
}
