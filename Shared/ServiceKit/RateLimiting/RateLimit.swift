import Foundation

/// How many requests a caller may make: `quota` in each `window`, all of them at once if they like, and evenly after that.
public struct RateLimit: Sendable, Hashable {
    /// Names the policy in headers and in Redis; limits of the same name share their counts in all of Hearth.
    public let name: String
    public let quota: Int
    public let window: Duration
    /// As `RateLimit-Policy` names it, made once and not for each answer.
    let policy: String

    public init(_ name: String, quota: Int, per window: Duration) {
        self.name = name
        self.quota = max(1, quota)
        self.window = window
        policy = "\"\(name)\";q=\(max(1, quota));w=\(window.seconds(rounded: .up))"
    }

    /// `600/60s`, as in a setting. Nil when it is not of that form.
    public init?(_ name: String, setting: String) {
        let parts = setting.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let quota = Int(parts[0]), quota > 0, let window = Duration(setting: String(parts[1])), window > .zero
        else { return nil }
        self.init(name, quota: quota, per: window)
    }

    /// Microseconds from one request to the next at an even pace.
    var interval: Int64 { max(1, Int64(window / .microseconds(1)) / Int64(quota)) }
    /// Microseconds in which the whole quota comes back.
    var span: Int64 { interval * Int64(quota) }
}
