/// A document of our own making, with lines of text.
enum SamplePDF {
    /// With so many bytes of a comment.
    static func bytes(_ lines: [String], padding: Int = 0) -> [UInt8] {
        let drawn = lines.enumerated().map { "BT /F1 18 Tf 60 \(760 - 30 * $0.offset) Td (\($0.element)) Tj ET" }.joined(separator: "\n")
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            "<< /Length \(drawn.utf8.count) >>\nstream\n\(drawn)\nendstream", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        var text = "%PDF-1.4\n%\(String(repeating: "x", count: padding))\n"
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(text.utf8.count)
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = text.utf8.count
        text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets { text += String(repeating: "0", count: 10 - String(offset).count) + "\(offset) 00000 n \n" }
        text += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return Array(text.utf8)
    }

    static let letter = bytes(["Vermieter: Hans Meier", "Telefon: 0171 1234567", "E-Mail: hans.meier@wohnen-beispiel.de"])
}
