import Foundation

/// Reads the pages of one provider. No I/O: the same page always gives the same result, so stored artifacts can be read again.
protocol ListingReader: Sendable {
    /// As in `listings.provider`: `wg_gesucht`, `immoscout`.
    var provider: String { get }

    /// Whether a page of this address is the provider's own.
    func recognises(_ url: URL) -> Bool

    /// Whether what such a page says can be taken for the provider's word.
    func believes(_ url: URL) -> Bool

    /// Where the provider keeps its pictures, beside its own domain.
    var pictureDomains: [String] { get }

    /// What a result page leads to.
    func readResults(_ page: FetchedPage) throws(PageProblem) -> ResultPage

    /// What a listing's page states.
    func readListing(_ page: FetchedPage) throws(PageProblem) -> ListingPage
}

extension ListingReader {
    func believes(_ url: URL) -> Bool { recognises(url) }
    var pictureDomains: [String] { [] }
}
