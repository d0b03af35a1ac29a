import ClientKit
import Foundation
import Synchronization

/// The mixed load: what people, agents and front ends do all day, through the gateway.
struct Load: Sendable {
    let works: [Work]

    /// - Parameter site: the address of an `EndlessSite`.
    init(_ surroundings: Surroundings, site: String) async throws {
        let seekers = try await (
            Session("seeker-a", surroundings), Session("seeker-b", surroundings), Session("seeker-c", surroundings)
        )
        let wishes: JSON = [
            "name": "Berlin", "preferred_cities": ["Berlin"], "property_types": ["apartment"], "min_rooms": 2, "max_rooms": 3, "max_rent_netto": 1000,
            "search_frequency": "immediate",
        ]
        for seeker in [seekers.0, seekers.1] { _ = try await seeker.client.post("/v1/search-criteria", wishes, expecting: 201) }
        let listings = KnownListings()
        works = [
            Self.scraping(surroundings, site, listings), Self.signIns(seekers.2), Self.searches(seekers.0), Self.reads(seekers.1, listings),
            Self.savedSearches(seekers.2), Self.files(seekers.0), Self.streams(seekers.1),
        ]
    }

    var tally: Tally { works.reduce(Tally()) { $0 + $1.tally } }

    /// Twenty new listings every few seconds.
    private static func scraping(_ surroundings: Surroundings, _ site: String, _ listings: KnownListings) -> Work {
        Work("scraping jobs of \(EndlessSite.batch) listings", every: .seconds(4)) { round in
            let agent = try await surroundings.signInAdministrator().client
            let job: JSON = ["provider": .text(GeneratedListing.provider), "result_url": .text("\(site)/batch/\(round)/list")]
            let id = try await agent.post("/v1/scraping-jobs", job, expecting: 201)["id"].string ?? ""
            try await Waiting.until("the end of a scraping job", within: .seconds(60), every: .milliseconds(500)) {
                try await agent.get("/v1/scraping-jobs/\(id)")["status"].string == "completed" ? () : nil
            }
            let newest = try await agent.get("/v1/listings?limit=100")
            listings.take(newest["items"].items.compactMap { $0["id"].string })
            _ = try await agent.post("/v1/auth/logout", [:], expecting: 204)
        }
    }

    private static func signIns(_ seeker: Session) -> Work {
        Work("signing in, a look at oneself, signing out", tasks: 2, every: .milliseconds(1500)) { _ in
            let person = try await seeker.signIn()
            _ = try await person.client.get("/v1/users/me")
            _ = try await person.client.get("/v1/notifications?limit=20")
            _ = try await person.client.post("/v1/auth/logout", [:], expecting: 204)
        }
    }

    private static func searches(_ seeker: Session) -> Work {
        Work("searches", tasks: 2, every: .milliseconds(200)) { round in
            let city = GeneratedListing.cities[round % GeneratedListing.cities.count].addingPercentEncoding(withAllowedCharacters: .alphanumerics)
            _ = try await seeker.client.get("/v1/listings?limit=20&city=\(city ?? "")&max_rent=\(500 + round % 400)")
        }
    }

    /// Of three reads two are of the same few listings, which the cache has, and one is of any.
    private static func reads(_ seeker: Session, _ listings: KnownListings) -> Work {
        Work("reads of listings, cached and not", tasks: 4, every: .milliseconds(40)) { round in
            guard let id = round % 3 == 0 ? listings.any : listings.favourite(round) else { return }
            _ = try await seeker.client.get("/v1/listings/\(id)")
        }
    }

    /// Made, looked at and given up: the number of searches stays the same.
    private static func savedSearches(_ seeker: Session) -> Work {
        Work("saved searches, made and given up", every: .milliseconds(1500)) { round in
            let client = try await seeker.client
            let wishes: JSON = ["name": .text("Suche \(round)"), "preferred_cities": ["Köln"], "max_rent_netto": 700]
            let id = try await client.post("/v1/search-criteria", wishes, expecting: 201)["id"].string ?? ""
            _ = try await client.get("/v1/search-criteria/\(id)/matches?limit=20")
            _ = try await client.send("DELETE", "/v1/search-criteria/\(id)").expecting(204, "DELETE /v1/search-criteria/{id}")
        }
    }

    private static func files(_ seeker: Session) -> Work {
        Work("files of 256 KiB, uploaded, downloaded and deleted", every: .seconds(1)) { round in
            let client = try await seeker.client
            var bytes = Array("%PDF-1.4\n%\(round)\n".utf8)
            var generator = SystemRandomNumberGenerator()
            while bytes.count < 256 << 10 { withUnsafeBytes(of: generator.next()) { bytes += $0 } }
            let path = "/v1/documents?filename=Datei.pdf&title=Datei&document_type=disclosure"
            let id =
                try await client.send("POST", path, body: bytes, headers: ["Content-Type": "application/pdf"])
                .expecting(201, "POST /v1/documents")["id"].string ?? ""
            let content = try await client.send("GET", "/v1/documents/\(id)/content")
            guard content.status == 200, content.body == bytes else {
                throw StepFailure("A file came back as \(content.status), \(content.body.count) bytes.")
            }
            _ = try await client.send("DELETE", "/v1/documents/\(id)").expecting(204, "DELETE /v1/documents/{id}")
        }
    }

    private static func streams(_ seeker: Session) -> Work {
        Work("live streams, opened and closed", tasks: 4, every: .seconds(2)) { _ in
            let client = try await seeker.client
            let ticket = try await client.post("/v1/notifications/stream-tickets", [:], expecting: 201)["ticket"].string ?? ""
            let stream = try await LiveStream.open(HearthClient(baseURL: client.baseURL), "/v1/notifications/stream?ticket=\(ticket)")
            try? await Task.sleep(for: .seconds(1.5))
            await stream.close()
        }
    }
}
