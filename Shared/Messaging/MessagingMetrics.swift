import Metrics

/// What is counted, per service.
struct MessagingMetrics: Sendable {
    let confirmed: Counter
    let unconfirmed: Counter
    let inFlight: Meter
    let handled: Counter
    let repeated: Counter
    let failed: Counter
    let retried: Counter
    let parked: Counter
    let handling: Timer
    let outboxRows: Gauge
    let outboxAge: Gauge

    init(service: String) {
        let dimensions = [("service", service)]
        confirmed = Counter(label: "hearth_messages_confirmed_total", dimensions: dimensions)
        unconfirmed = Counter(label: "hearth_messages_unconfirmed_total", dimensions: dimensions)
        inFlight = Meter(label: "hearth_messages_in_flight", dimensions: dimensions)
        handled = Counter(label: "hearth_messages_handled_total", dimensions: dimensions)
        repeated = Counter(label: "hearth_messages_repeated_total", dimensions: dimensions)
        failed = Counter(label: "hearth_messages_failed_total", dimensions: dimensions)
        retried = Counter(label: "hearth_messages_retried_total", dimensions: dimensions)
        parked = Counter(label: "hearth_messages_parked_total", dimensions: dimensions)
        handling = Timer(label: "hearth_message_handling_seconds", dimensions: dimensions)
        outboxRows = Gauge(label: "hearth_outbox_rows", dimensions: dimensions)
        outboxAge = Gauge(label: "hearth_outbox_age_seconds", dimensions: dimensions)
    }
}
