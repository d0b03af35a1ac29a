/// Documents of our own making: with lines of text, or of pictures alone.
enum SamplePDF {
    /// With so many bytes of a comment.
    static func bytes(_ lines: [String], padding: Int = 0) -> [UInt8] {
        let drawn = lines.enumerated().map { "BT /F1 18 Tf 60 \(760 - 30 * $0.offset) Td (\($0.element)) Tj ET" }.joined(separator: "\n")
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            "<< /Length \(drawn.utf8.count) >>\nstream\n\(drawn)\nendstream", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        return document(of: objects.map { Array($0.utf8) }, padding: padding)
    }

    static let letter = bytes(["Vermieter: Hans Meier", "Telefon: 0171 1234567", "E-Mail: hans.meier@wohnen-beispiel.de"])

    /// Shades of gray, a byte each, as `pdftoppm -gray` writes them behind a header (PGM).
    struct Picture {
        var width: Int
        var height: Int
        var pixels: [UInt8]

        init?(pgm: [UInt8]) {
            let lines = pgm.split(separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
            guard lines.count == 4 else { return nil }
            let size = String(decoding: lines[1], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
            guard size.count == 2, lines[3].count == size[0] * size[1] else { return nil }
            (width, height, pixels) = (size[0], size[1], Array(lines[3]))
        }
    }

    /// As scanners make them: each page is a picture, and no text is in it.
    static func scan(_ pictures: [Picture]) -> [UInt8] {
        let pages = pictures.indices.map { "\(3 + 3 * $0) 0 R" }.joined(separator: " ")
        var objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [\(pages)] /Count \(pictures.count) >>"].map { Array($0.utf8) }
        let drawn = "q 595 0 0 842 0 0 cm /Scan Do Q"
        for (index, picture) in pictures.enumerated() {
            let (content, image) = (4 + 3 * index, 5 + 3 * index)
            let page = """
                << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents \(content) 0 R \
                /Resources << /XObject << /Scan \(image) 0 R >> >> >>
                """
            let head = """
                << /Type /XObject /Subtype /Image /Width \(picture.width) /Height \(picture.height) /ColorSpace /DeviceGray \
                /BitsPerComponent 8 /Length \(picture.pixels.count) >>
                stream

                """
            objects.append(Array(page.utf8))
            objects.append(Array("<< /Length \(drawn.utf8.count) >>\nstream\n\(drawn)\nendstream".utf8))
            objects.append(Array(head.utf8) + picture.pixels + Array("\nendstream".utf8))
        }
        return document(of: objects, padding: 0)
    }

    private static func document(of objects: [[UInt8]], padding: Int) -> [UInt8] {
        var bytes = Array("%PDF-1.4\n%\(String(repeating: "x", count: padding))\n".utf8)
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(bytes.count)
            bytes += Array("\(index + 1) 0 obj\n".utf8)
            bytes += object
            bytes += Array("\nendobj\n".utf8)
        }
        let start = bytes.count
        var table = "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets { table += String(repeating: "0", count: 10 - String(offset).count) + "\(offset) 00000 n \n" }
        table += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return bytes + Array(table.utf8)
    }
}
