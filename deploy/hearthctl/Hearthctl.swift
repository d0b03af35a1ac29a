import ArgumentParser

/// The operator's tool.
@main
struct Hearthctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hearthctl",
        abstract: "Looks after a Hearth system.",
        discussion: """
            Settings come from the environment; NAME_FILE names a file that holds the value of NAME:
              HEARTH_ADMIN_DATABASE_URL    an administrator of PostgreSQL, on its maintenance database
              HEARTH_AMQP_MANAGEMENT_URL   an administrator of RabbitMQ's management API (provision)
              HEARTH_ADMIN_AMQP_URL        an administrator of RabbitMQ (dead-letters)
              HEARTH_SECRETS_PATH          the folder with the services' passwords (provision)
              HEARTH_DATABASE, HEARTH_VHOST, HEARTH_SERVICES_PATH, HEARTH_SHARED_PATH
            For a system started by make run: make hearthctl ARGUMENTS="status"
            """,
        subcommands: [
            Provision.self, Migrate.self, Rollback.self, Status.self, DeadLettersCommand.self, Outbox.self, CreateAdministrator.self,
            CreateAccount.self, RotateSigningKeys.self, RotateEncryption.self, OpenAPICommand.self, Health.self,
        ]
    )
}
