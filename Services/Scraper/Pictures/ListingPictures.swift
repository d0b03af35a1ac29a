import ContactValues
import Foundation
import Images
import Outbound

/// The difference hashes of a listing's pictures, by which the same flat is known on another portal.
///
/// Pictures are fetched as pages are: robots.txt obeyed, in their server's turn, never from a private address. Only where the page's own site keeps them:
/// a page cannot send Hearth to anybody else.
struct ListingPictures: Sendable {
    let store: PictureStore
    private let fetcher: Fetcher
    /// Of one listing, from the first on.
    private let most: Int

    init(store: PictureStore, fetcher: Fetcher, most: Int) {
        self.store = store
        self.fetcher = fetcher.accepting("image/jpeg, image/png;q=0.9")
        self.most = most
    }

    /// In the order of the pictures; those that could not be had or read are left out.
    ///
    /// - Parameter isFetching: whether pictures that are not known yet may be asked for.
    func hashes(of images: [String], on page: URL, _ reader: any ListingReader, job: UUID, isFetching: Bool) async throws -> [String] {
        let pictures = images.prefix(most).compactMap { URL(string: $0) }.filter { Self.isOwn($0, of: page, reader) }
        var known = try await store.known(pictures.map(\.absoluteString))
        for picture in pictures where isFetching && known[picture.absoluteString] == nil {
            let journal = FetchJournal()
            let look = try await look(at: picture, journal)
            try await store.keep(look, of: picture.absoluteString, journal, job: job)
            known[picture.absoluteString] = look
        }
        return pictures.compactMap { known[$0.absoluteString]?.hash }
    }

    /// What came of it; only cancellation is thrown.
    private func look(at picture: URL, _ journal: FetchJournal) async throws -> PictureLook {
        do {
            return .hash(try await ImageHash.of(fetcher.fetch(picture, journal: journal).bytes).description)
        } catch let problem as PageProblem {
            return .none(problem.reason)
        } catch let error as ImageError {
            return .none(error == .tooLarge ? .tooLarge : .unreadable)
        }
    }

    static func isOwn(_ picture: URL, of page: URL, _ reader: any ListingReader) -> Bool {
        guard picture.absoluteString.utf8.count <= 2000, let server = HostPort(picture), let own = HostPort(page) else { return false }
        if server == own || reader.pictureDomains.contains(where: picture.isAt) { return true }
        guard let domain = WebAddress(server.host)?.registrableDomain else { return false }
        return domain == WebAddress(own.host)?.registrableDomain
    }
}
