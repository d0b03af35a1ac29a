import ServiceKit

/// Every setting of this service beyond the platform's.
struct AlertsConfiguration {
    /// `PUBLIC_URL`: where a person reaches the gateway; links in mails begin with it.
    var publicURL: String
    /// `STREAM_BEAT`: how often a silent stream says that it lives.
    var streamBeat: Duration
    /// `STREAMS_PER_USER`: live streams one person may hold open on one copy.
    var maximumStreamsPerUser: Int
    /// `STREAMS_MAXIMUM`: live streams that one copy holds at most.
    var maximumStreams: Int
    /// `SMS_PROVIDER_URL` and what goes with it; nil when there is no provider of text messages.
    var sms: SMSConfiguration?

    init(_ settings: Settings) throws {
        publicURL = try settings.publicURL()
        streamBeat = try settings.duration("STREAM_BEAT", default: .seconds(15))
        maximumStreamsPerUser = try settings.int("STREAMS_PER_USER", default: 10)
        maximumStreams = try settings.int("STREAMS_MAXIMUM", default: 5000)
        sms = try SMSConfiguration(settings)
    }
}
