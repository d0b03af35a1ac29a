/// A message whose frames are arriving: the method, then a header, then bodies until the announced size is reached.
struct AMQPAssembly {
    enum Kind {
        case delivery
        case returned(text: String)
    }
    var kind: Kind
    var message: AMQPMessage
    /// Nil until the header has come.
    var bytesMissing: UInt64?
}
