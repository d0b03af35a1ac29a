import Foundation
import Testing

@testable import Scraper

@Suite("robots.txt")
struct RobotsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var rule: String
        var file: String
        var allowed: [String] = []
        var refused: [String] = []
        var testDescription: String { rule }
    }

    static let cases: [Case] = [
        Case(rule: "an empty file allows all", file: "", allowed: ["/", "/a"]),
        Case(
            rule: "everyone's group holds without an own one", file: "User-agent: *\nDisallow: /a", allowed: ["/", "/b"],
            refused: ["/a", "/a/b", "/ab"]),
        Case(
            rule: "the own group replaces everyone's", file: "User-agent: *\nDisallow: /\n\nUser-agent: hearth\nDisallow: /x",
            allowed: ["/a"], refused: ["/x"]
        ),
        Case(
            rule: "the own group may have several robots and come in parts",
            file: "User-agent: other\nUser-agent: HEARTH/2.0\nDisallow: /x\nUser-agent: third\nDisallow: /y\nUser-agent: hearth\nDisallow: /z",
            allowed: ["/y"], refused: ["/x", "/z"]
        ),
        Case(rule: "another robot's group says nothing", file: "User-agent: other\nDisallow: /", allowed: ["/a"]),
        Case(rule: "the longest match wins", file: "User-agent: *\nDisallow: /a\nAllow: /a/b", allowed: ["/a/b/c"], refused: ["/a/c"]),
        Case(rule: "order does not matter", file: "User-agent: *\nAllow: /a/b\nDisallow: /a", allowed: ["/a/b/c"], refused: ["/a/c"]),
        Case(rule: "allowing wins a tie", file: "User-agent: *\nDisallow: /a\nAllow: /a", allowed: ["/a"]),
        Case(rule: "a star stands for anything", file: "User-agent: *\nDisallow: /*.php", allowed: ["/a.html"], refused: ["/a.php", "/b/a.php?x"]),
        Case(rule: "a dollar stands for the end", file: "User-agent: *\nDisallow: /*.php$", allowed: ["/a.php?x"], refused: ["/a.php"]),
        Case(
            rule: "several stars need no patience", file: "User-agent: *\nDisallow: /*a*a*a*a*a*a*a*a*b$",
            allowed: ["/" + String(repeating: "a", count: 2000)]),
        Case(rule: "an empty rule allows", file: "User-agent: *\nDisallow:", allowed: ["/a"]),
        Case(rule: "comments and blank lines do not end a group", file: "User-agent: * # all\n\n# note\nDisallow: /a # this", refused: ["/a"]),
        Case(rule: "unknown lines are skipped", file: "Sitemap: http://x/\nUser-agent: *\nFoo: bar\nDisallow: /a", refused: ["/a"]),
        Case(rule: "rules before any robot say nothing", file: "Disallow: /\nUser-agent: *\nDisallow: /a", allowed: ["/"], refused: ["/a"]),
        Case(rule: "queries count", file: "User-agent: *\nDisallow: /*?sort=", allowed: ["/l"], refused: ["/l?sort=1"]),
        Case(
            rule: "escapes compare by octet", file: "User-agent: *\nDisallow: /m%C3%BCnchen\nDisallow: /%7Ejoe",
            refused: ["/münchen", "/m%c3%bcnchen", "/~joe"]),
        Case(rule: "Windows line ends are line ends", file: "User-agent: *\r\nDisallow: /a\r\n", allowed: ["/b"], refused: ["/a"]),
        Case(rule: "robots.txt itself may always be read", file: "User-agent: *\nDisallow: /", allowed: ["/robots.txt"], refused: ["/"]),
        Case(rule: "names are read in any case", file: "USER-AGENT: *\nDISALLOW: /a", refused: ["/a"]),
    ]

    @Test("RFC 9309", arguments: cases)
    func rules(example: Case) {
        let rules = RobotsRules(Array(example.file.utf8), for: "Hearth")
        for path in example.allowed { #expect(rules.allows(path), "\(path)") }
        for path in example.refused { #expect(!rules.allows(path), "\(path)") }
    }

    @Test("only the first 500 KiB count")
    func limit() {
        let filler = String(repeating: "# nothing\n", count: 60_000)
        #expect(RobotsRules(Array((filler + "User-agent: *\nDisallow: /").utf8), for: "Hearth").allows("/a"))
    }

    @Test("Crawl-delay belongs to its group")
    func crawlDelay() {
        let file = "User-agent: *\nCrawl-delay: 10\n\nUser-agent: hearth\nCrawl-delay: 2.5\nDisallow: /x"
        #expect(RobotsRules(Array(file.utf8), for: "Hearth").crawlDelay == 2.5)
        #expect(RobotsRules(Array(file.utf8), for: "Other").crawlDelay == 10)
        #expect(RobotsRules(Array("User-agent: *\nCrawl-delay: soon".utf8), for: "Hearth").crawlDelay == nil)
        #expect(RobotsRules(Array("User-agent: *\nCrawl-delay: 1e21".utf8), for: "Hearth").crawlDelay == 86_400)
    }
}
