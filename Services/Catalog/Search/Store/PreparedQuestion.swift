import Foundation
import Postgres
import ServiceKit

/// A question as the database understands it: words with their synonyms, places by key, cities as points.
struct PreparedQuestion: RowDecodable {
    var question = ListingQuestion()
    /// A `tsquery`; nil when the words are all too common to be looked for, or there are none.
    let words: String?
    /// Whether the index on words can answer, as it cannot when all that is said is what must not be there.
    let hasIndexableWords: Bool
    let cityKeys: [String]
    let districtKeys: [String]
    let excludedCityKeys: [String]
    let excludedDistrictKeys: [String]
    private let latitudes: [Double]
    private let longitudes: [Double]

    static func query(_ question: ListingQuestion) -> SQL {
        """
        SELECT words::text AS words, numnode(words) > 0 AS has_words, querytree(words) <> 'T' AS is_indexable,
            place_keys(\(question.cities)) AS cities, place_keys(\(question.districts)) AS districts,
            place_keys(\(question.excludedCities)) AS excluded_cities, place_keys(\(question.excludedDistricts)) AS excluded_districts,
            coalesce(latitudes, '{}') AS latitudes, coalesce(longitudes, '{}') AS longitudes
        FROM expanded_query(\(question.text ?? "")) AS words, (
            SELECT array_agg(ST_Y(location::geometry) ORDER BY city_key) AS latitudes,
                array_agg(ST_X(location::geometry) ORDER BY city_key) AS longitudes
            FROM places WHERE city_key = ANY (place_keys(\(question.cities))) AND district_key = '' AND location IS NOT NULL
        ) AS centres
        """
    }

    init(row: Row) throws {
        let hasWords: Bool = try row["has_words"]
        words = hasWords ? try row["words"] : nil
        hasIndexableWords = hasWords ? try row["is_indexable"] : false
        cityKeys = try row["cities"]
        districtKeys = try row["districts"]
        excludedCityKeys = try row["excluded_cities"]
        excludedDistrictKeys = try row["excluded_districts"]
        latitudes = try row["latitudes"]
        longitudes = try row["longitudes"]
    }

    /// What distances are measured from: the point that was given, else the centres of the cities.
    var centres: [SQL] { centrePoints.map { Self.point($0.latitude, $0.longitude) } }

    var centrePoints: [(latitude: Double, longitude: Double)] {
        if let latitude = question.latitude, let longitude = question.longitude { return [(latitude, longitude)] }
        return zip(latitudes, longitudes).map { ($0, $1) }
    }

    /// The one city that all of it is in, along whose own index the order can be walked.
    var onlyCity: String? {
        let reachesBeyond = question.maxDistanceKm != nil && question.latitude == nil
        return cityKeys.count == 1 && question.cities.count == 1 && !reachesBeyond ? cityKeys[0] : nil
    }

    private static func point(_ latitude: Double, _ longitude: Double) -> SQL {
        "ST_SetSRID(ST_MakePoint(\(longitude), \(latitude)), 4326)::geography"
    }
}
