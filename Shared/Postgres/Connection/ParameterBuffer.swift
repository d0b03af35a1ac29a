/// Memory, used again and again, in which libpq finds the binds of one statement as C strings.
struct ParameterBuffer {
    private var bytes: [CChar] = []
    private var offsets: [Int] = []

    /// `body` gets one pointer per bind, nil for NULL; they are valid only during the call.
    mutating func with<Result>(_ binds: [PostgresValue], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
        guard !binds.isEmpty else { return body(nil) }
        bytes.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        for bind in binds {
            guard var text = bind.text else {
                offsets.append(-1)
                continue
            }
            offsets.append(bytes.count)
            text.withUTF8 { utf8 in utf8.withMemoryRebound(to: CChar.self) { bytes.append(contentsOf: $0) } }
            bytes.append(0)
        }
        return bytes.withUnsafeBufferPointer { bytes in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: offsets.count) { pointers in
                for (index, offset) in offsets.enumerated() {
                    pointers.initializeElement(at: index, to: offset < 0 ? nil : bytes.baseAddress.map { $0 + offset })
                }
                return body(pointers.baseAddress.map { UnsafePointer($0) })
            }
        }
    }
}
