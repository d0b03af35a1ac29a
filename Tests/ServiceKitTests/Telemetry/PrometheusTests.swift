import Metrics
import Testing

@testable import ServiceKit

struct PrometheusTests {
    private let metrics = PrometheusMetrics()

    @Test func countersGaugesAndTimersAreWritten() {
        let counter = Counter(label: "cache.hits", dimensions: [("key", "a\"b\\c\nd")], factory: metrics)
        counter.increment(by: 3)
        let gauge = Gauge(label: "outbox_rows", factory: metrics)
        gauge.record(2.5)
        let timer = Timer(label: "http_server_requests", dimensions: [("route", "/v1/x/{id}")], factory: metrics)
        timer.recordMilliseconds(3)
        timer.recordSeconds(20)
        let text = metrics.text()
        #expect(text.contains("# TYPE cache_hits_total counter\ncache_hits_total{key=\"a\\\"b\\\\c\\nd\"} 3\n"))
        #expect(text.contains("outbox_rows 2.5\n"))
        #expect(text.contains("http_server_requests_seconds_bucket{route=\"/v1/x/{id}\",le=\"0.0025\"} 0\n"))
        #expect(text.contains("http_server_requests_seconds_bucket{route=\"/v1/x/{id}\",le=\"0.005\"} 1\n"))
        #expect(text.contains("http_server_requests_seconds_bucket{route=\"/v1/x/{id}\",le=\"+Inf\"} 2\n"))
        #expect(text.contains("http_server_requests_seconds_count{route=\"/v1/x/{id}\"} 2\n"))
        #expect(text.contains("http_server_requests_seconds_sum{route=\"/v1/x/{id}\"} 20.003\n"))
    }

    @Test func oneNameAndLabelsIsOneSeries() {
        Counter(label: "things", dimensions: [("b", "2"), ("a", "1")], factory: metrics).increment()
        Counter(label: "things", dimensions: [("a", "1"), ("b", "2")], factory: metrics).increment()
        #expect(metrics.text() == "# TYPE things_total counter\nthings_total{a=\"1\",b=\"2\"} 2\n")
    }

    @Test func aNameOfTwoKindsKeepsTheFirst() {
        Counter(label: "rows_total", factory: metrics).increment()
        Gauge(label: "rows_total", factory: metrics).record(7)
        #expect(metrics.text() == "# TYPE rows_total counter\nrows_total 1\n")
    }

    @Test func manyTasksLoseNothing() async {
        let counter = Counter(label: "n", factory: metrics)
        let meter = Meter(label: "m", factory: metrics)
        let timer = Timer(label: "t", factory: metrics)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        counter.increment()
                        meter.increment()
                        timer.recordNanoseconds(1)
                    }
                }
            }
        }
        let text = metrics.text()
        #expect(text.contains("n_total 8000\n"))
        #expect(text.contains("\nm 8000\n"))
        #expect(text.contains("t_seconds_count 8000\n"))
    }

    @Test func namesAreMadeFit() {
        #expect(PrometheusText.name("9.lives-of cats") == "_9_lives_of_cats")
        #expect(PrometheusText.name("x_seconds", suffix: "_seconds") == "x_seconds")
    }

    @Test func theProcessTellsOfItself() {
        let text = ProcessMetrics.text()
        for name in ["process_resident_memory_bytes", "process_private_memory_bytes", "process_open_fds", "process_cpu_seconds_total"] {
            #expect(text.contains("\n\(name) "), "\(name)")
        }
    }
}
