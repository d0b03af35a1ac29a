import Foundation
import Postgres

extension PreparedQuestion {
    /// What a row of `listing_search` has to fulfil, what is asked fastest first.
    var conditions: [SQL] {
        var conditions = figures(of: "")
        func add(_ condition: SQL?) { if let condition { conditions.append(condition) } }
        if !question.districts.isEmpty { add("district_key = ANY (\(districtKeys))") }
        if !excludedCityKeys.isEmpty { add("coalesce(city_key <> ALL (\(excludedCityKeys)), true)") }
        if !excludedDistrictKeys.isEmpty { add("coalesce(district_key <> ALL (\(excludedDistrictKeys)), true)") }
        if !question.propertyTypes.isEmpty { add("property_type = ANY (\(question.propertyTypes.map(\.rawValue)))") }
        if !question.furnishingLevels.isEmpty { add("furnishing_level = ANY (\(question.furnishingLevels.map(\.rawValue)))") }
        add(question.provider.map { "provider = \($0)" })
        add(question.maxAdditionalCosts.map { "additional_costs <= \($0)" })
        add(question.maxDeposit.map { "deposit <= \($0)" })
        add(question.minFloor.map { "floor >= \($0)" })
        add(question.maxFloor.map { "floor <= \($0)" })
        add(question.availableFrom.map { "coalesce(available_until >= \($0), true)" })
        add(question.availableUntil.map { "coalesce(available_from <= \($0), true)" })
        add(question.minLeaseDuration.map { "coalesce(lease_duration_max >= \($0), true)" })
        add(question.maxLeaseDuration.map { "coalesce(lease_duration_min <= \($0), true)" })
        add(question.minQuality.map { "quality >= \($0)" })
        if question.requireVerifiedContact { add("has_verified_contact") }
        add(place)
        if let words { add("words @@ \(words)::tsquery") }
        return conditions.isEmpty ? ["true"] : conditions
    }

    /// Those that indexes of an order in a city have beside it, of columns whose names begin so.
    func figures(of prefix: SQL) -> [SQL] {
        [
            question.minRent.map { "\(prefix)rent >= \($0)" }, question.maxRent.map { "\(prefix)rent <= \($0)" },
            question.minRooms.map { "\(prefix)rooms >= \($0)" }, question.maxRooms.map { "\(prefix)rooms <= \($0)" },
            question.minArea.map { "\(prefix)area >= \($0)" }, question.maxArea.map { "\(prefix)area <= \($0)" },
        ].compactMap { $0 }
    }

    /// Those of which each is answered by an index of its own, with how many rows that is thought to find.
    var indexable: [(condition: SQL, expected: SQL)] {
        var ways: [(SQL, SQL)] = []
        if let words, hasIndexableWords { ways.append(("words @@ \(words)::tsquery", "expected_listings('words', \([words])::text[])")) }
        if let place { ways.append((place, placeExpected)) }
        if !question.districts.isEmpty {
            ways.append(("district_key = ANY (\(districtKeys))", "expected_listings('district', \(districtKeys)::text[])"))
        }
        for (column, name, least, most) in [
            ("rent", "rent", question.minRent, question.maxRent), ("rooms", "rooms", question.minRooms, question.maxRooms),
            ("area", "area", question.minArea, question.maxArea),
        ] as [(SQL, String, Decimal?, Decimal?)] {
            let bounds: [SQL] = [least.map { "\(column) >= \($0)" }, most.map { "\(column) <= \($0)" }].compactMap { $0 }
            guard !bounds.isEmpty else { continue }
            ways.append((SQL.joined(bounds, by: " AND "), "expected_listings(\(name), ARRAY[\(least)::numeric::text, \(most)::numeric::text])"))
        }
        return ways.map { (condition: $0.0, expected: $0.1) }
    }

    private var placeExpected: SQL {
        let near = centrePoints.map { point in
            "expected_listings('near', ARRAY[\(point.longitude)::float8::text, \(point.latitude)::float8::text, \((question.maxDistanceKm ?? 0) * 1000)::float8::text])"
                as SQL
        }
        let inCity: [SQL] = question.cities.isEmpty ? [] : ["expected_listings('city', \(cityKeys)::text[])"]
        return SQL.joined(inCity + (question.maxDistanceKm == nil ? [] : near), by: " + ")
    }

    /// In one of the cities; with a distance and no point, or that near the centre of one.
    private var place: SQL? {
        let inCity: SQL? = question.cities.isEmpty ? nil : "city_key = ANY (\(cityKeys))"
        guard let kilometres = question.maxDistanceKm else { return inCity }
        let near = centres.map { centre in "ST_DWithin(location, \(centre), \(kilometres * 1000))" as SQL }
        guard let inCity else { return near.first }
        guard question.latitude == nil else { return SQL.joined([inCity] + near, by: " AND ") }
        return "(\(SQL.joined([inCity] + near, by: " OR ")))"
    }
}
