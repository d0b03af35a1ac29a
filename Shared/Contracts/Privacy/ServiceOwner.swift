/// A service as a type, for messages that each service has one of its own of.
public protocol ServiceOwner: Sendable {
    static var service: ServiceName { get }
}

/// The services that `auth` asks for what they hold of a person; it knows by itself what it holds.
public enum Owners {
    public enum Catalog: ServiceOwner { public static let service = ServiceName.catalog }
    public enum Documents: ServiceOwner { public static let service = ServiceName.documents }
    public enum Campaigns: ServiceOwner { public static let service = ServiceName.campaigns }
    public enum Alerts: ServiceOwner { public static let service = ServiceName.alerts }
    public enum Scraper: ServiceOwner { public static let service = ServiceName.scraper }
    public enum Analytics: ServiceOwner { public static let service = ServiceName.analytics }
}
