import Outbound
import ServiceKit

/// Every setting of this service beyond the platform's.
struct ScraperConfiguration {
    /// `FILES_PATH`: the folder of the artifacts.
    var filesPath: String
    /// `SCRAPER_USER_AGENT`, and `SCRAPER_PAUSE` between two requests to one site (1 s).
    var fetching: FetchSettings
    /// `SCRAPER_PICTURES`: how many pictures of a listing are looked at, so that the same flat is known on another portal (3); 0 for none.
    var pictures: Int
    /// `SCRAPER_ALLOWED_HOSTS`: `host:port` pairs on private addresses that may be fetched all the same.
    var allowedHosts: Set<HostPort>

    init(_ settings: Settings) throws {
        filesPath = try settings.string("FILES_PATH")
        fetching = FetchSettings(userAgent: settings.string("SCRAPER_USER_AGENT", default: "Hearth/1.0 (housing search robot; obeys robots.txt)"))
        fetching.pause = try settings.duration("SCRAPER_PAUSE", default: .seconds(1))
        pictures = try settings.int("SCRAPER_PICTURES", default: 3)
        guard (0...20).contains(pictures) else { throw SettingError("SCRAPER_PICTURES", "is \(pictures), and has to be between 0 and 20") }
        allowedHosts = Set(
            try settings.list("SCRAPER_ALLOWED_HOSTS", default: []).map { text in
                guard let host = HostPort(text) else { throw SettingError("SCRAPER_ALLOWED_HOSTS", "holds \"\(text)\", which is not host:port") }
                return host
            })
    }
}
