import Contracts
import Files
import ServiceKit

/// Files and what they are about.
@main
struct DocumentsService: HearthService {
    static let name = ServiceName.documents
    static var openAPI: [UInt8] { PackageResources.openapi_json }

    static func build(_ platform: Platform) async throws -> Assembly {
        let configuration = try DocumentsConfiguration(platform.settings)
        let files = FolderFileStore(root: configuration.filesPath)
        let documents = DocumentStore(postgres: platform.postgres, cache: platform.cache)

        let router = platform.router()
        UploadRoutes(documents: documents, files: files, maximumSize: configuration.maximumFileSize).add(to: router)
        DocumentRoutes(documents: documents).add(to: router)
        ContentRoutes(documents: documents, files: files).add(to: router)

        DocumentsConsumer(documents: documents).listen(on: platform.consumer)
        let desk = PersonalDataDesk(DocumentsPersonalData(documents: documents, files: files), postgres: platform.postgres)
        desk.listen(on: platform.consumer)
        desk.answer(as: Owners.Documents.self, on: platform.requests)

        return Assembly(
            router: router, consumer: platform.consumer, broadcasts: platform.broadcasts, requests: platform.requests,
            jobs: [FileCollector(postgres: platform.postgres, files: files, logger: platform.logger)], caches: ["doc:"])
    }
}
