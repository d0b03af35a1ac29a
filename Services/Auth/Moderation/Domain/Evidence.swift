import Foundation
import ServiceKit

/// Something that shows what is reported, or why was acted.
struct Evidence: Codable, Sendable, Hashable {
    enum Kind: String, WireEnumeration {
        case url, text, document, message, screenshot
    }

    static let most = 20

    var kind: Kind
    /// A web address, a quotation, or the id of a document or message.
    var value: String
    var note: String?

    static func validate(_ list: [Evidence]?, _ check: inout Validation, at pointer: String) {
        guard let list else { return }
        check(list.count <= most, pointer, "length", "must hold at most \(most) entries")
        for (index, evidence) in list.prefix(most).enumerated() {
            let place = "\(pointer)/\(index)"
            switch evidence.kind {
            case .url, .screenshot: check.webAddress(evidence.value, place + "/value", maximum: 2000)
            case .document, .message: check(UUID(uuidString: evidence.value) != nil, place + "/value", "format", "must be a UUID")
            case .text: check.text(evidence.value, place + "/value", maximum: 5000, multiline: true)
            }
            check.text(evidence.note, place + "/note", maximum: 500)
        }
    }
}
