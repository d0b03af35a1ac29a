import Postgres
import ServiceKit

/// How somebody is reached outside of Hearth.
enum ChannelType: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case email, sms, push, discord, telegram, webhook

    /// Whether the other side takes a message once, however often it is handed over under one id. Where it does not, what a sender that died may have
    /// sent is not sent again.
    var knowsRepeats: Bool { self != .telegram }
}
