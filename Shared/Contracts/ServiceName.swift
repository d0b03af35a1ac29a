/// The seven services.
public enum ServiceName: String, CaseIterable, Sendable, Codable {
    case auth, catalog, documents, campaigns, alerts, scraper, analytics
}
