import ArgumentParser

/// The first one cannot be made by another administrator.
struct CreateAdministrator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Creates an administrator of the platform, or makes the account that has the address one.")

    @OptionGroup var account: AccountOptions

    func run() async throws {
        try await account.create(role: .administrator)
    }
}
