import CZxcvbn
import Foundation

/// How hard a password is to guess for somebody who tries what people choose: lists of common passwords, names and words in several spellings, runs along a
/// keyboard, sequences, repetitions, dates. The lists and the estimate are those of zxcvbn.
enum Guessing {
    /// The greater, the longer it takes: the base-2 logarithm of the number of guesses.
    /// - Parameter known: Words that whoever guesses knows already, such as the person's own address.
    static func bits(of password: String, known: [String]) -> Double {
        let words = known.map { strdup($0.lowercased()) }
        defer { words.forEach { free($0) } }
        var dictionary: [UnsafePointer<CChar>?] = words.map { word in word.map { UnsafePointer($0) } } + [nil]
        return ZxcvbnMatch(password, &dictionary, nil)
    }
}
