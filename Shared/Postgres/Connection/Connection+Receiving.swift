import CLibPQ

extension Connection {
    /// Reads what has come and finishes the units that are answered.
    func receive() {
        let isOpen = PQconsumeInput(handle) == 1
        deliverNotifications()
        var finished: [InFlight] = []
        var emptyInARow = 0
        while !inFlight.isEmpty, PQisBusy(handle) == 0, emptyInARow < 2 {
            guard let result = PQgetResult(handle) else {
                // Ends the results of one statement.
                emptyInARow += 1
                continue
            }
            emptyInARow = 0
            if PQresultStatus(result) == PGRES_PIPELINE_SYNC {
                PQclear(result)
                finished.append(inFlight.removeFirst())
            } else if [PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH].contains(PQresultStatus(result)) {
                PQclear(result)
                complete(finished)
                // A pipeline cannot leave this state.
                return lose(PostgresError(.connection, "COPY cannot run as a statement: use `copy(into:)`"), unsent: [])
            } else {
                take(result)
                if PQstatus(handle) == CONNECTION_BAD { break }
            }
        }
        complete(finished)
        if !isOpen || PQstatus(handle) == CONNECTION_BAD { lose(PostgresError(connection: handle), unsent: []) }
    }

    private func take(_ result: OpaquePointer) {
        let position = inFlight[0].position
        inFlight[0].position += 1
        let unit = inFlight[0].unit
        guard position < inFlight[0].steps.count else {
            // Every statement has succeeded, and then the end of their implicit transaction failed: a deferred constraint, for instance.
            if PQresultStatus(result) == PGRES_FATAL_ERROR { return fail(result, unit.statements.last?.text ?? "") }
            return PQclear(result)
        }
        switch (inFlight[0].steps[position], PQresultStatus(result)) {
        case (.prepare, PGRES_COMMAND_OK):
            PQclear(result)
        case (.prepare(let entry), _):
            statements.forget(entry, isPrepared: false)
            fail(result, entry.key.text)
        case (.execute(let sql, let entry), PGRES_TUPLES_OK), (.execute(let sql, let entry), PGRES_COMMAND_OK),
            (.execute(let sql, let entry), PGRES_EMPTY_QUERY):
            let answer = Answer(result, columns: entry?.columns, query: sql.text, file: unit.file, line: unit.line)
            entry?.columns = answer.columns
            inFlight[0].answers.append(answer)
        case (.execute(let sql, let entry), _):
            fail(result, sql.text)
            if let entry, let state = inFlight[0].error?.sqlState, state == .unknownStatement || state == .featureNotSupported {
                statements.forget(entry, isPrepared: state == .featureNotSupported)
            }
        }
    }

    private func fail(_ result: OpaquePointer, _ query: String) {
        defer { PQclear(result) }
        // What follows the first error of a unit is only said to be skipped.
        guard inFlight[0].error == nil, PQresultStatus(result) != PGRES_PIPELINE_ABORTED else { return }
        let unit = inFlight[0].unit
        inFlight[0].error = PostgresError(result: result, query: query, file: unit.file, line: unit.line)
    }

    private func complete(_ finished: [InFlight]) {
        guard !finished.isEmpty else { return }
        var again: [Unit] = []
        var over: [InFlight] = []
        for flight in finished {
            if let error = flight.error, isWorthRetrying(error), flight.unit.mayRetry() { again.append(flight.unit) } else { over.append(flight) }
        }
        let counted = over.count { !$0.unit.isHousekeeping }
        if counted > 0 { owner?.finished(counted, on: self) }
        for flight in over {
            if let error = flight.error {
                flight.unit.finish(.failure(error))
            } else {
                flight.unit.finish(.success(flight.unit.hidden == 0 ? flight.answers : Array(flight.answers.dropFirst(flight.unit.hidden))))
            }
        }
        if !again.isEmpty { send(again) }
    }

    /// True for failures that are no fault of the statement: its plan went stale, or it was hit by the cancelling of another.
    private func isWorthRetrying(_ error: PostgresError) -> Bool {
        switch error.sqlState {
        case .unknownStatement: usesNames
        case .featureNotSupported: usesNames && error.message.contains("cached plan")
        case .queryCanceled: canceller.mayHaveStrayed
        default: false
        }
    }

    private func deliverNotifications() {
        while let notification = PQnotifies(handle) {
            let (channel, payload) = (String(cString: notification.pointee.relname), String(cString: notification.pointee.extra))
            PQfreemem(notification)
            owner?.notified(channel: channel, payload: payload)
        }
    }
}
