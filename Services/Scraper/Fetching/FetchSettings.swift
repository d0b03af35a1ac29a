/// How politely and how patiently pages are fetched.
struct FetchSettings: Sendable {
    /// Says honestly who is asking, and where to learn more.
    var userAgent: String
    /// The name by which robots.txt speaks to it: `HearthBot` of `HearthBot/1.0 (…)`.
    var robotName: String { String(userAgent.prefix { $0 != "/" && !$0.isWhitespace }) }
    /// The types of content that are asked for, as in the header.
    var accept = "text/html, application/json;q=0.9, */*;q=0.1"
    var mostBytes = 5 * 1024 * 1024
    /// From the first octet sent to the last received.
    var timeout: Duration = .seconds(20)
    var mostRedirects = 5
    /// Further tries after a failure that may pass: the network, 5xx, 429.
    var retries = 3
    /// Before the first further try; doubled for each after it.
    var backoff: Duration = .milliseconds(500)
    /// A site that asks for more patience than this is left alone for so long, and nobody waits for its pages meanwhile.
    var longestWait: Duration = .seconds(60)
    /// However long a site asks to be left alone.
    var longestRest: Duration = .seconds(86_400)
    /// Between two requests to one server, or for longer where its robots.txt asks for that.
    var pause: Duration = .seconds(1)
    /// The longest that one turn at a server can last, if whoever has it is never heard of again.
    var longestTurn: Duration { timeout + .seconds(10) }
}
