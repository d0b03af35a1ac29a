import Foundation
import Instrumentation
import Postgres
import ServiceContextModule

extension Delivery {
    /// Reads a CloudEvent. Throws `Unprocessable` when it is none; attributes that nobody here knows are ignored.
    init(json: [UInt8], attempt: Int) throws(Unprocessable) {
        let event = try JSONMembers(json)
        guard event.string("specversion") == "1.0" else { throw Unprocessable("not a CloudEvent 1.0") }
        guard let id = event.uuid("id") else { throw Unprocessable("the id is not a UUID") }
        guard let type = event.string("type") else { throw Unprocessable("no type") }
        guard let source = event.string("source") else { throw Unprocessable("no source") }
        guard let time = event.members["time"], let time = try? JSONDecoder.hearth.decode(Date.self, from: Data(time)) else {
            throw Unprocessable("no time")
        }
        guard let data = event.members["data"] else { throw Unprocessable("no data") }
        self.init(
            id: id, source: source, type: type, subject: event.uuid("subject"), time: time,
            aggregateVersion: event.text("aggregateversion").flatMap { Int64($0) }, traceparent: event.string("traceparent"),
            origin: Origin(
                actorID: event.uuid("actorid"), agencyID: event.uuid("agencyid"), sessionID: event.uuid("sessionid"),
                requestID: event.string("requestid"), clientIP: event.string("clientip"), userAgent: event.string("useragent")),
            data: Array(data), attempt: attempt)
    }

    /// The context that the sender's work ran in, for what is done here because of it.
    var context: ServiceContext {
        var context = ServiceContext.topLevel
        if let traceparent {
            InstrumentationSystem.instrument.extract(["traceparent": traceparent], into: &context, using: TraceCarrier())
        }
        return origin.added(to: context)
    }

    /// The UTC day of `time`: half of the inbox' key.
    var day: CalendarDay? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day], from: time)
        guard let year = parts.year, let month = parts.month, let day = parts.day else { return nil }
        return CalendarDay(year: year, month: month, day: day)
    }
}
