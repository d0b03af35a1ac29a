import Foundation
import Postgres

/// An order of rows of `listing_search` that an index has, so that it can be walked from any place.
struct SearchOrder {
    let sort: ListingSort
    /// What distances are measured from.
    let origin: SQL?

    /// As the index has it: in radii of the earth, straight through it, and a little different for each listing of one place.
    private var distance: SQL { "earth_point(location, beside(listing_id)) <-> earth_point(\(origin ?? "NULL::geography"), 0)" }

    /// Besides the id.
    var key: SQL {
        switch sort {
        case .date, .relevance: "NULL::numeric AS price, NULL::float8 AS distance"
        case .price, .priceDescending: "rent AS price, NULL::float8 AS distance"
        case .distance: "NULL::numeric AS price, \(distance) AS distance"
        }
    }

    /// By the names of `key`, for rows that are sorted rather than walked.
    func byKey(id: SQL) -> SQL {
        switch sort {
        case .date, .relevance: "\(id) DESC"
        case .price: "price, \(id)"
        case .priceDescending: "price DESC, \(id) DESC"
        case .distance: "distance, \(id)"
        }
    }

    /// As the index has it.
    var byIndex: SQL {
        switch sort {
        case .date, .relevance: "listing_id DESC"
        case .price: "rent, listing_id"
        case .priceDescending: "rent DESC, listing_id DESC"
        // Without the id: what is equally far would have to be sorted whole.
        case .distance: distance
        }
    }

    /// The city before it, as the index of the order within cities has it.
    func inCity(_ city: SQL) -> SQL { sort == .priceDescending ? "\(city) DESC" : city }

    /// What has a place in the order at all.
    var has: SQL {
        switch sort {
        case .date, .relevance: "true"
        case .price, .priceDescending: "rent IS NOT NULL"
        case .distance: "location IS NOT NULL"
        }
    }

    /// What comes after a place.
    func after(_ place: SearchPlace?) -> SQL {
        guard let place else { return "true" }
        return switch sort {
        case .date: "listing_id < \(place.id)"
        case .relevance: place.newest.map { "listing_id <= \($0)" } ?? "true"
        case .price: "(rent, listing_id) > (\(place.price), \(place.id))"
        case .priceDescending: "(rent, listing_id) < (\(place.price), \(place.id))"
        case .distance: "(\(distance), listing_id) > (\(place.distance), \(place.id))"
        }
    }

    /// The same of rows that have been walked, by the names of `key`.
    func afterWalk(_ place: SearchPlace?) -> SQL {
        guard let place, !isWalkedFromPlace else { return "true" }
        return "(distance, listing_id) > (\(place.distance), \(place.id))"
    }

    /// Distances have no place to go on from in the index: what comes after one is a condition like any other.
    var isWalkedFromPlace: Bool { sort != .distance }
}
