import CCurl
import Foundation

/// One libcurl handle and the connection it keeps. Used by one thread only.
final class SMTPConnection {
    private let handle: UnsafeMutableRawPointer?
    private let configuration: SMTPConfiguration

    private static let library: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    init(_ configuration: SMTPConfiguration) {
        self.configuration = configuration
        handle = Self.library == CURLE_OK ? curl_easy_init() : nil
        prepare()
    }

    deinit { curl_easy_cleanup(handle) }

    /// Blocks until the server has answered or the time is up.
    func send(_ envelope: SMTPEnvelope, _ message: [UInt8]) -> Result<SMTPReply, SMTPFailure> {
        guard let handle else { return .failure(.unreachable("libcurl could not be started")) }
        let conversation = SMTPConversation(message)
        let context = Unmanaged.passUnretained(conversation).toOpaque()
        var recipients: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(recipients) }
        for recipient in envelope.recipients { recipients = curl_slist_append(recipients, "<\(recipient)>") }

        _ = hearth_curl_set_string(handle, CURLOPT_MAIL_FROM, "<\(envelope.sender)>")
        _ = hearth_curl_set_list(handle, CURLOPT_MAIL_RCPT, recipients)
        _ = hearth_curl_set_pointer(handle, CURLOPT_READDATA, context)
        _ = hearth_curl_set_pointer(handle, CURLOPT_DEBUGDATA, context)
        let code = withExtendedLifetime(conversation) { curl_easy_perform(handle) }
        _ = hearth_curl_set_list(handle, CURLOPT_MAIL_RCPT, nil)
        return conversation.outcome(code == CURLE_OK ? nil : String(cString: curl_easy_strerror(code)))
    }

    private func prepare() {
        guard let handle else { return }
        _ = hearth_curl_set_string(handle, CURLOPT_URL, configuration.url)
        _ = hearth_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        _ = hearth_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        _ = hearth_curl_set_long(handle, CURLOPT_UPLOAD, 1)
        _ = hearth_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, Self.milliseconds(configuration.connectTimeout))
        _ = hearth_curl_set_long(handle, CURLOPT_TIMEOUT_MS, Self.milliseconds(configuration.timeout))
        _ = hearth_curl_set_long(handle, CURLOPT_TCP_NODELAY, 1)
        if let user = configuration.user { _ = hearth_curl_set_string(handle, CURLOPT_USERNAME, user) }
        if let password = configuration.password { _ = hearth_curl_set_string(handle, CURLOPT_PASSWORD, password) }
        if let file = configuration.certificateAuthorities { _ = hearth_curl_set_string(handle, CURLOPT_CAINFO, file) }
        _ = hearth_curl_set_long(handle, CURLOPT_USE_SSL, Self.level(configuration.security))

        _ = hearth_curl_set_reader(handle) { buffer, size, count, context in
            guard let buffer, let context else { return Int(CURL_READFUNC_ABORT) }
            let conversation = Unmanaged<SMTPConversation>.fromOpaque(context).takeUnretainedValue()
            return conversation.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
        }
        // The observer sees each command and each reply, which the result code of a transfer does not tell apart.
        _ = hearth_curl_set_long(handle, CURLOPT_VERBOSE, 1)
        _ = hearth_curl_set_observer(handle) { _, kind, data, size, context in
            guard let data, let context, kind == CURLINFO_HEADER_IN || kind == CURLINFO_HEADER_OUT else { return 0 }
            let line = String(decoding: UnsafeRawBufferPointer(start: data, count: size), as: UTF8.self)
            Unmanaged<SMTPConversation>.fromOpaque(context).takeUnretainedValue().observe(line, sent: kind == CURLINFO_HEADER_OUT)
            return 0
        }
    }

    private static func level(_ security: SMTPConfiguration.Security) -> Int {
        switch security {
        case .none: Int(CURLUSESSL_NONE.rawValue)
        case .try: Int(CURLUSESSL_TRY.rawValue)
        case .required: Int(CURLUSESSL_ALL.rawValue)
        }
    }

    private static func milliseconds(_ duration: Duration) -> Int { Int(duration / .milliseconds(1)) }
}
