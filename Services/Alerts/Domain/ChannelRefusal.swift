/// Why a channel is not added or verified.
enum ChannelRefusal: Error {
    /// The account has not been heard of here yet.
    case unknownPerson
    case tooMany, known, verified, tooManyCodes, wrongCode, noCode
    /// Another one is to be made primary instead.
    case primary
}
