import Messaging

extension APIContext {
    /// What the events of this request will say about where they began.
    var origin: Origin {
        Origin(
            actorID: caller?.userID, agencyID: caller?.onlyAgencyID, sessionID: caller?.sessionID, requestID: requestID,
            clientIP: clientIP, userAgent: userAgent, clientCountry: clientCountry)
    }
}
