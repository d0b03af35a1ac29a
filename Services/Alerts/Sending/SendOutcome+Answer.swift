import Foundation
import Outbound

extension SendOutcome {
    /// What an HTTP answer says. `gone` are the statuses by which the other side says that there is nobody any more.
    init(_ answer: GuardedClient.Answer, isThere: Bool, gone: Set<Int>) {
        let said = "\(answer.status) \(answer.body.prefix(300))".trimmingCharacters(in: .whitespacesAndNewlines)
        switch answer.status {
        case 200..<300: self = .taken(said, isThere: isThere)
        case let status where gone.contains(status): self = .rejected(said, isGone: true)
        case 408, 425, 429, 500...: self = .deferred(said, after: answer.headers.first(name: "Retry-After").flatMap { Double($0) })
        default: self = .rejected(said, isGone: false)
        }
    }
}
