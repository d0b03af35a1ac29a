import Postgres

/// What a second factor is asked for.
enum ChallengePurpose: String, Sendable, PostgresEnumeration {
    case signIn = "sign_in"
    case stepUp = "step_up"
    case enrolment
}
