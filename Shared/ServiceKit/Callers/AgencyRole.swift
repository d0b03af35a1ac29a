import Postgres

/// `agency_members.role`: rights inside one agency.
public enum AgencyRole: String, WireEnumeration, PostgresEnumeration {
    case owner, admin, agent, assistant, viewer
}
