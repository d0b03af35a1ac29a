/// How far the listings have come.
struct FlowCount: Sendable, Equatable {
    var listings = 0
    var notifications = 0
    var mails = 0
}
