import DequeModule

/// What was delivered on a channel and is not acknowledged yet. Gathers acknowledgements, so that a run of them is one frame.
struct AcknowledgementWindow {
    private enum State { case open, done, sent }
    private var states: Deque<State> = []
    private var firstTag: UInt64 = 1
    private var settled: [UInt64] = []

    mutating func deliver(_ tag: UInt64) {
        if states.isEmpty { firstTag = tag }
        states.append(.open)
    }

    mutating func settle(_ tag: UInt64) {
        guard tag >= firstTag, tag - firstTag < UInt64(states.count), states[Int(tag - firstTag)] == .open else { return }
        states[Int(tag - firstTag)] = .done
        settled.append(tag)
    }

    var hasSettled: Bool { !settled.isEmpty }

    /// The frames to send: one for everything up to the first open delivery, one for each that finished out of turn.
    mutating func flush() -> [(tag: UInt64, multiple: Bool)] {
        var frames: [(tag: UInt64, multiple: Bool)] = []
        // The run ends with the last that was not sent yet: the broker closes the channel over a tag it has forgotten.
        var run: UInt64?
        while let first = states.first, first != .open {
            if first == .done { run = firstTag }
            states.removeFirst()
            firstTag += 1
        }
        if let run { frames.append((run, true)) }
        for tag in settled where tag >= firstTag {
            states[Int(tag - firstTag)] = .sent
            frames.append((tag, false))
        }
        settled.removeAll(keepingCapacity: true)
        return frames
    }
}
