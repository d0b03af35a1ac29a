import Postgres

extension ProfileChange {
    /// The columns that are to change.
    var changedFields: [String] {
        let changes: [(String, Bool)] = [
            ("username", username.isChange), ("first_name", firstName.isChange), ("last_name", lastName.isChange), ("full_name", fullName.isChange),
            ("phone", phone.isChange), ("date_of_birth", dateOfBirth.isChange), ("gender", gender.isChange), ("nationality", nationality.isChange),
            ("avatar_url", avatarURL.isChange), ("bio", bio.isChange), ("location", location.isChange), ("locale", locale != nil),
            ("timezone", timezone != nil), ("preferences", preferences != nil), ("user_type", userType != nil), ("consents", consents != nil),
        ]
        return changes.filter(\.1).map(\.0)
    }

    /// `column = value` for everything that is to change.
    var assignments: [SQL] {
        var sets: [SQL] = []
        func add<Value: PostgresEncodable>(_ column: SQL, _ change: Change<Value>) {
            switch change {
            case .absent: break
            case .clear: sets.append("\(column) = NULL")
            case .set(let value): sets.append("\(column) = \(value)")
            }
        }
        add("username", username)
        add("first_name", firstName)
        add("last_name", lastName)
        add("full_name", fullName)
        add("phone", phone)
        add("date_of_birth", dateOfBirth)
        add("gender", gender)
        add("nationality", nationality)
        add("avatar_url", avatarURL)
        add("bio", bio)
        add("location", location)
        if let locale { sets.append("locale = \(locale)") }
        if let timezone { sets.append("timezone = \(timezone)") }
        if let preferences { sets.append("preferences = \(JSON(preferences))") }
        if let userType { sets.append("user_type = \(userType)") }
        return sets + (consents?.assignments ?? [])
    }
}

extension ProfileChange.ConsentChange {
    fileprivate var assignments: [SQL] {
        var sets: [SQL] = []
        if let gdpr {
            sets.append("gdpr_consent_given = \(gdpr)")
            sets.append("gdpr_consent_date = CASE WHEN NOT \(gdpr) THEN NULL WHEN gdpr_consent_given THEN gdpr_consent_date ELSE now() END")
        }
        if let dataProcessing { sets.append("data_processing_consent = \(dataProcessing)") }
        if let marketing { sets.append("marketing_consent = \(marketing)") }
        if let analytics { sets.append("analytics_consent = \(analytics)") }
        return sets
    }
}
