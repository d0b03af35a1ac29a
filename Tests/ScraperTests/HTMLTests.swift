import Foundation
import Testing

@testable import Scraper

@Suite("Markup")
struct HTMLTests {
    @Test("selectors find by tag, class, id, attribute and ancestor")
    func selectors() throws {
        let page = try #require(
            HTMLDocument(#"<div id=a class="x y"><p data-k=1>one</p><section><p data-k=2>two</p></section></div><p>three</p>"#)
        )
        #expect(page.all("p").map(\.text) == ["one", "two", "three"])
        #expect(page.all("#a p").map(\.text) == ["one", "two"])
        #expect(page.all("div.x.y section p").map(\.text) == ["two"])
        #expect(page.all("p[data-k]").count == 2)
        #expect(page.first("p[data-k=2]")?.text == "two")
        #expect(page.first(".x.z") == nil)
    }

    @Test("text is what a person sees, line by line")
    func lines() throws {
        let page = try #require(
            HTMLDocument("<body><script>var a = 1</script><p>Jülicher\u{A0}Straße 96<br>40477 <b>Düsseldorf</b></p>Ende<style>p{}</style></body>")
        )
        #expect(page.root?.lines == ["Jülicher Straße 96", "40477 Düsseldorf", "Ende"])
    }

    @Test("broken markup is mended as a browser would", arguments: ["<p>a<p>b", "<p>a</b><p>b</p></div>", "<ul><p>a<p>b"])
    func broken(html: String) throws {
        #expect(try #require(HTMLDocument(html)).all("p").map(\.text) == ["a", "b"])
    }

    @Test("a page that nests too deeply is refused, not fatal")
    func deep() {
        #expect(HTMLDocument(String(repeating: "<div>", count: 1_000_000)) == nil)
        #expect(HTMLDocument(String(repeating: "<div>", count: 500))?.all("div").count == 500)
        #expect(HTMLDocument(String(repeating: "<br>", count: 50_000))?.all("br").count == 50_000)
        #expect(HTMLDocument(String(repeating: "<div></div>", count: 50_000))?.all("div").count == 50_000)
    }

    @Test(
        "nor is one that hides how deeply it nests",
        arguments: [
            // Names that only begin like a tag without content, ends of what is not open, and ends that what is open shields from.
            "<br-x>", "<img\u{1}>", "<DIV></zz>", "<div></br>", "<span><div></span>", "<div><object></div></marquee><div><marquee></div></object>",
        ])
    func hiding(markup: String) {
        #expect(HTMLDocument(String(repeating: markup, count: 5 * 1024 * 1024 / markup.utf8.count)) == nil)
    }

    @Test("an empty page is a page")
    func empty() {
        #expect(HTMLDocument("")?.root == nil)
    }

    @Test("the header's character set comes before the page's, and UTF-8 last")
    func encodings() throws {
        let latin: [UInt8] = Array("<p>M".utf8) + [0xFC] + Array("nchen".utf8)
        #expect(try PageText.decode(latin, contentType: "text/html; charset=ISO-8859-1") == "<p>München")
        let declared = Array("<meta charset='windows-1252'>".utf8) + latin
        #expect(try PageText.decode(declared, contentType: "text/html").hasSuffix("München"))
        #expect(try PageText.decode(Array("München".utf8), contentType: "text/html") == "München")
        #expect(try PageText.decode([0xEF, 0xBB, 0xBF] + Array("a".utf8), contentType: "text/html; charset=latin1") == "a")
        #expect(try PageText.decode([0x4D, 0xFF], contentType: nil) == "M\u{FFFD}")
    }
}
