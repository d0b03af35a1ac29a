import Testing

@testable import Documents

@Suite("A file's name")
struct FileNameTests {
    @Test(
        "is kept as given but for its path and what cannot be seen",
        arguments: [
            ("Mietvertrag Müller.PDF", "Mietvertrag Müller.PDF", "pdf"), ("C:\\Users\\me\\plan.dwg", "plan.dwg", "dwg"),
            ("../../etc/passwd", "passwd", ""), ("a\u{0}b\r\nc.txt", "abc.txt", "txt"), ("photo\u{202E}gpj.exe", "photogpj.exe", "exe"),
            ("  spaced.txt ", "spaced.txt", "txt"), (".hidden", ".hidden", "hidden"), ("no-extension", "no-extension", ""),
            ("a.verylongextension", "a.verylongextension", ""), ("a.tar.gz", "a.tar.gz", "gz"), ("a.ä", "a.ä", ""),
        ])
    func kept(given: String, original: String, fileExtension: String) {
        let name = FileName(given)
        #expect(name?.original == original)
        #expect(name?.fileExtension == fileExtension)
    }

    @Test("that names nothing is none", arguments: ["", " ", ".", "..", "/", "a/..", "\u{0}", "\u{202E}"])
    func none(given: String) {
        #expect(FileName(given) == nil)
    }

    @Test("is never longer than a column takes, and keeps its end")
    func long() {
        let name = FileName(String(repeating: "e\u{301}", count: 300) + ".pdf")
        #expect(name?.original.unicodeScalars.count == 255)
        #expect(name?.fileExtension == "pdf")
    }

    @Test("has a form that every file system takes")
    func safe() {
        #expect(FileName("a:b*c?\"<>|ß(1).txt")?.safe == "a_b_c_____ß(1).txt")
    }
}
