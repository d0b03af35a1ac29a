import ContactValues
import Foundation
import Testing

/// The examples of libphonenumber's own test data and the cases of the public suffix list, where they lie beside the project.
@Suite struct ForeignNumberTests {
    static let data: URL? = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["HEARTH_REAL_DATA"].map { URL(fileURLWithPath: $0) }
        let folder = (named ?? root.appendingPathComponent("../shared/data")).appendingPathComponent("text")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    @Test(.enabled(if: ForeignNumberTests.data != nil, "there is no text/ of real data here: set HEARTH_REAL_DATA"))
    func `An example number of any country, dialled from there, is that country's number`() throws {
        let file = try #require(Self.data).appendingPathComponent("libphonenumber/PhoneNumberMetadataForTesting.xml")
        let territories = try String(contentsOf: file, encoding: .utf8).matches(
            of: /<territory id="(?<region>[A-Z]{2})" countryCode="(?<code>\d+)"(?<body>.*?)<\/territory>/.dotMatchesNewlines())
        var (read, wrong) = (0, [String]())
        for territory in territories {
            let region = String(territory.output.region)
            for example in territory.output.body.matches(of: /<exampleNumber>(\d+)<\/exampleNumber>/) {
                read += 1
                let phone = PhoneNumber("+\(territory.output.code) \(example.output.1)", region: "ZZ")
                if phone?.e164 != "+\(territory.output.code)\(example.output.1)" { wrong.append("\(region) \(example.output.1)") }
            }
        }
        #expect(read > 20)
        // The test data's plans are simplified; a few of their numbers are too long or too short for the real ones.
        #expect(Double(wrong.count) <= 0.1 * Double(read), "\(wrong)")
    }

    @Test(.enabled(if: ForeignNumberTests.data != nil, "there is no text/ of real data here: set HEARTH_REAL_DATA"))
    func `Registrable domains are those of the public suffix list's own cases`() throws {
        let cases = try String(contentsOf: try #require(Self.data).appendingPathComponent("psl/test_psl.txt"), encoding: .utf8)
        var (checked, wrong) = (0, [String]())
        for line in cases.matches(of: /checkPublicSuffix\('(?<domain>[a-z0-9.-]+)', (?:null|'(?<expected>[a-z0-9.-]+)')\)/) {
            let expected = line.output.expected.map(String.init)
            guard let email = EmailAddress("mia@\(line.output.domain)"), email.problem != .unknownSuffix else { continue }
            checked += 1
            if email.registrableDomain != expected { wrong.append(String(line.output.domain)) }
        }
        #expect(checked > 30)
        #expect(wrong.isEmpty, "\(wrong)")
    }
}
