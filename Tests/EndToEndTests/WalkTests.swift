import ClientKit
import Foundation
import Testing

@testable import Demo

extension EndToEnd {
    /// `docs/walk.md`, line by line against the running system. With `HEARTH_RECORD=1` its answers are written anew.
    @Suite struct WalkTests {
        @Test func `every line of the walk answers what the page says`() async throws {
            try await RunningSystem.complete()
            let flow = try RunningSystem.flow()
            let file = RunningSystem.root.appendingPathComponent("docs/walk.md")
            var page = try WalkPage(String(contentsOf: file, encoding: .utf8))
            var names = ["HEARTH": flow.gateway.baseURL, "RUN": flow.run]
            var last = JSON.null
            for index in page.steps.indices {
                switch page.steps[index] {
                case .prose: break
                case .call(let command):
                    last = try await answer(to: command, names)
                case .answer(let text):
                    let expected = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
                    let (shown, came) = (Masked(expected, flow.run), Masked(last, flow.run))
                    if RunningSystem.environment["HEARTH_RECORD"] == "1" {
                        page.steps[index] = .answer(try last.printed(hiding: flow.run))
                    } else {
                        #expect(came.text == shown.text, "step \(index) of \(file.path)")
                    }
                case .keep(let name, let member):
                    let found = member.split(separator: ".").reduce(last) { $0[String($1)] }
                    let value: String = try #require(found.string, "\(member) for \(name)")
                    names[name] = value
                case .mail(let name, let address, let pattern):
                    let to = address.replacing("$RUN", with: flow.run)
                    let link = try Regex(pattern + "([A-Za-z0-9_-]+)")
                    let mail = try await flow.mail.wait(for: "the mail with \(name)", to: to) { ($0.text ?? "").contains(link) }
                    let match = try #require((mail.text ?? "").firstMatch(of: link))
                    names[name] = String(try #require(match.output[1].substring))
                }
            }
            if RunningSystem.environment["HEARTH_RECORD"] == "1" { try page.text.write(to: file, atomically: true, encoding: .utf8) }
            #expect(names["KEY"] != nil && names["INVITED"] != nil)
        }

        private func answer(to command: String, _ names: [String: String]) async throws -> JSON {
            let place = FileManager.default.temporaryDirectory.appendingPathComponent("hearth-walk-\(UUID().uuidString)")
            try Data().write(to: place)
            defer { try? FileManager.default.removeItem(at: place) }
            let shell = Process()
            shell.executableURL = URL(fileURLWithPath: "/bin/bash")
            shell.arguments = ["-c", command]
            shell.environment = ProcessInfo.processInfo.environment.merging(names) { $1 }
            shell.standardOutput = try FileHandle(forWritingTo: place)
            let status = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int32, any Error>) in
                shell.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                do { try shell.run() } catch { continuation.resume(throwing: error) }
            }
            #expect(status == 0, "\(command)")
            return try JSONDecoder().decode(JSON.self, from: Data(contentsOf: place))
        }
    }
}

/// A page of prose, calls, answers, and notes in comments about what to keep of an answer or to take out of a mail.
struct WalkPage {
    enum Step {
        case prose(String)
        case call(String)
        case answer(String)
        case keep(name: String, member: String)
        case mail(name: String, address: String, pattern: String)
    }

    var steps: [Step] = []

    init(_ text: String) throws {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
        while let line = lines.popFirst() {
            if line == "```sh" || line == "```json" {
                let block = lines.prefix { $0 != "```" }
                lines = lines.dropFirst(block.count + 1)
                let body = block.joined(separator: "\n")
                steps.append(line == "```sh" ? .call(body) : .answer(body))
            } else if let match = line.wholeMatch(of: /<!-- keep ([A-Z]+) ([a-z_.]+) -->/) {
                steps.append(.keep(name: String(match.1), member: String(match.2)))
            } else if let match = line.wholeMatch(of: /<!-- mail ([A-Z]+) (\S+) (\S+) -->/) {
                steps.append(.mail(name: String(match.1), address: String(match.2), pattern: String(match.3)))
            } else {
                steps.append(.prose(line))
            }
        }
    }

    var text: String {
        steps.map { step in
            switch step {
            case .prose(let line): line
            case .call(let body): "```sh\n\(body)\n```"
            case .answer(let body): "```json\n\(body)\n```"
            case .keep(let name, let member): "<!-- keep \(name) \(member) -->"
            case .mail(let name, let address, let pattern): "<!-- mail \(name) \(address) \(pattern) -->"
            }
        }.joined(separator: "\n")
    }
}

/// An answer with everything replaced that is another each time.
struct Masked {
    let text: String

    init(_ json: JSON, _ run: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        let plain = (try? encoder.encode(json)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        text = plain.replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "<id>")
            .replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/, with: "<time>")
            .replacing(/eyJ[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*…?/, with: "<token>")
            .replacing(/hearth_[0-9a-f]{10}[A-Za-z0-9_-]*…?/, with: "<key>")
            .replacing(/urn:hearth:request:[0-9a-f]+/, with: "<request>")
            .replacing(/https?:\/\/[^\/"]+/, with: "<gateway>")
            .replacing(/curl\/[0-9.]+/, with: "<curl>")
            .replacing(/"(refresh_token|challenge_token|token|secret)" : "[^"]+"/) { "\"\($0.1)\" : \"<token>\"" }
            .replacing(/"qr_svg" : "[^\n]*"/, with: "\"qr_svg\" : \"<picture>\"")
            .replacing(/secret=[A-Z2-7…]+/, with: "secret=<secret>")
            .replacing(/"[a-z2-7]{4}-(…|[a-z2-7-]{14})"/, with: "<code>")
            .replacing(/token=[A-Za-z0-9_…-]+/, with: "token=<token>")
            .replacing(run, with: "123456")
    }
}

extension JSON {
    /// As the page shows it: indented, long secrets cut, the run's digits those of an example.
    func printed(hiding run: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
            .replacing(run, with: "123456")
            .replacing(/(eyJ[A-Za-z0-9_-]{12})[A-Za-z0-9_.-]+/) { "\($0.1)…" }
            .replacing(/(hearth_[0-9a-f]{10})[A-Za-z0-9_-]+/) { "\($0.1)…" }
            .replacing(/("(?:refresh_token|challenge_token|token|secret)" : "[A-Za-z0-9_-]{6})[^"]*"/) { "\($0.1)…\"" }
            .replacing(/("qr_svg" : ")[^\n]*"/) { "\($0.1)<svg …\"" }
            .replacing(/(secret=[A-Z2-7]{6})[A-Z2-7]*/) { "\($0.1)…" }
            .replacing(/("[a-z2-7]{4}-)[a-z2-7-]{14}"/) { "\($0.1)…\"" }
            .replacing(/(token=[A-Za-z0-9_-]{6})[A-Za-z0-9_-]*/) { "\($0.1)…" }
            .replacing(/https?:\/\/127\.0\.0\.1:[0-9]+/, with: "http://127.0.0.1:8080")
    }
}
