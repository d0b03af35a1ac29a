import ArgumentParser

/// An account whose address needs no proof, as a demonstration or a support case wants it.
struct CreateAccount: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Creates an ordinary account whose e-mail address counts as verified.")

    @OptionGroup var account: AccountOptions

    func run() async throws {
        try await account.create(role: .user)
    }
}
