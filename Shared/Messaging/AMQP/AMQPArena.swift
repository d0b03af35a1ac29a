import CRabbitMQ

/// Memory for the strings and tables of calls into the library, given back all at once by `reset()`.
final class AMQPArena {
    private var chunk: UnsafeMutableRawBufferPointer
    private var used = 0
    private var full: [UnsafeMutableRawBufferPointer] = []

    init() { chunk = .allocate(byteCount: 16_384, alignment: 16) }

    deinit {
        reset()
        chunk.deallocate()
    }

    /// Everything handed out before is invalid afterwards.
    func reset() {
        for chunk in full { chunk.deallocate() }
        full.removeAll(keepingCapacity: true)
        used = 0
    }

    private func allocate(_ count: Int) -> UnsafeMutableRawPointer {
        let size = (count + 15) & ~15
        if used + size > chunk.count {
            full.append(chunk)
            chunk = .allocate(byteCount: max(size, chunk.count), alignment: 16)
            used = 0
        }
        defer { used += size }
        // The base address of an allocation of at least 16 kB is never nil.
        return chunk.baseAddress! + used
    }

    func bytes(_ text: String) -> amqp_bytes_t {
        var text = text
        return text.withUTF8 { utf8 in
            let memory = allocate(max(utf8.count, 1))
            if let source = utf8.baseAddress { memory.copyMemory(from: source, byteCount: utf8.count) }
            return amqp_bytes_t(len: utf8.count, bytes: memory)
        }
    }

    func table(_ fields: [(String, AMQPField)]) -> amqp_table_t {
        guard !fields.isEmpty else { return amqp_table_t() }
        let entries = allocate(fields.count * MemoryLayout<amqp_table_entry_t>.stride)
            .bindMemory(to: amqp_table_entry_t.self, capacity: fields.count)
        for (index, (name, field)) in fields.enumerated() {
            var value = amqp_field_value_t()
            switch field {
            case .text(let text):
                value.kind = UInt8(AMQP_FIELD_KIND_UTF8.rawValue)
                value.value.bytes = bytes(text)
            case .integer(let integer):
                value.kind = UInt8(AMQP_FIELD_KIND_I64.rawValue)
                value.value.i64 = integer
            case .flag(let flag):
                value.kind = UInt8(AMQP_FIELD_KIND_BOOLEAN.rawValue)
                value.value.boolean = flag ? 1 : 0
            case .table(let nested):
                value.kind = UInt8(AMQP_FIELD_KIND_TABLE.rawValue)
                value.value.table = table(nested)
            }
            (entries + index).initialize(to: amqp_table_entry_t(key: bytes(name), value: value))
        }
        return amqp_table_t(num_entries: Int32(fields.count), entries: entries)
    }
}

/// A value in an AMQP table.
indirect enum AMQPField {
    case text(String)
    case integer(Int64)
    case flag(Bool)
    case table([(String, AMQPField)])
}
