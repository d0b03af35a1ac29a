import ArgumentParser
import ClientKit
import Foundation

/// Walks one listing from a provider's page to a person's inbox against the running system, and tells it.
@main
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hearth-demo", abstract: "Walks one listing from a provider's page to a person's inbox, step by step, and tells it.")

    @Option(help: "The folder that is served as the provider's site.")
    var site = "deploy/demo/Site"

    @Flag(help: "Serve the saved pages of real portals under HEARTH_REAL_DATA instead.")
    var realData = false

    func run() async throws {
        do {
            let settings = try DemoSettings()
            let flow = DemoFlow(gatewayURL: settings.gatewayURL, mailURL: settings.mailURL, story: Story())
            let tour = try realData ? Tour.realPages(settings.realData, run: flow.run) : Tour.samplePages(URL(fileURLWithPath: site), run: flow.run)
            flow.story.say(
                "From a provider's page to a person's inbox, through \(settings.gatewayURL). Each line tells the time since its step began.")
            try await tour.site(port: settings.sitePort).serve { url in
                try await walk(flow, tour, site: url, settings)
            }
            flow.story.end("That was the flow")
        } catch let failure as StepFailure {
            let words = "\nerror: The demonstration stops here. \(failure.description)\n       Look at: make status, make logs\n"
            FileHandle.standardError.write(Data(words.utf8))
            throw ExitCode.failure
        }
    }

    private func walk(_ flow: DemoFlow, _ tour: Tour, site: String, _ settings: DemoSettings) async throws {
        let seeker = try await flow.arrive(as: "seeker", firstName: "Mira")
        let search = try await flow.saveSearch(tour.wishes, of: seeker)
        let stream = try await flow.openStream(of: seeker)
        let agent = try await flow.foundBrokerage(flow.arrive(as: "agent", firstName: "Jonas"))
        _ = try await flow.scrape(tour.resultPages.map { ($0.provider, site + $0.path) }, by: agent, within: .seconds(120))
        let matches = try await flow.showMatches(of: search, for: seeker, atLeast: 1)
        _ = try await flow.showEvents(of: stream, expecting: matches.count)
        await stream.close()
        _ = try await flow.showMail(to: seeker)
        try await flow.uploadDocument(of: seeker)
        let administrator = try await Person.signIn(DemoSettings.administrator, password: settings.administratorPassword, at: flow.gateway)
        _ = try await flow.showDashboard(to: administrator)
    }
}
