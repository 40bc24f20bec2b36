import ArgumentParser
import EvalCore
import Foundation
import InputFiles
import Reporting
import RunStore
import StrictJSON
import Tasks

/// `report`: finished runs as pages to read and look at.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write finished runs as pages: tables, curves over shots, samples with pictures.",
        usage: "idefics-eval report [<options>]",
        discussion: """
            Writes README.md with the table of all runs, a page with a curve over shots per task,
            and site/index.html with runs, samples and comparisons, which opens in any browser
            without a network. Files of an earlier report are replaced; others are never touched.
            Prompts and pictures are made again from task files and data, so name the data root
            that the runs were made with. The same runs give the same bytes.

            EXAMPLES
              The demo's runs, or those of a store made with --data datasets:
                idefics-eval report
                idefics-eval report --data datasets --output reports
              Small enough to keep in a repository, the same on every day:
                idefics-eval report --samples 20 --picture-limit 4 --without-times
              Tables and curves only:
                idefics-eval report --no-site
            """
    )

    @Option(help: ArgumentHelp("Folder that the pages are written to.", valueName: "dir"))
    var output = "reports"

    @Option(
        help: ArgumentHelp(
            "Samples of each run at most: half of them those that failed or scored lowest, the "
                + "others evenly spread.",
            valueName: "n"
        )
    )
    var samples = 200

    @Option(
        help: ArgumentHelp("MiB of thumbnails at most; further pictures are named.", valueName: "n")
    )
    var pictureLimit = 64

    @Flag(name: .customLong("no-site"), help: "Leave out the HTML pages.")
    var omitsSite = false

    @Flag(help: "Leave out when, how long and on which machine runs were made.")
    var withoutTimes = false

    @OptionGroup var data: DataOptions
    @OptionGroup var taskFolders: TaskOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var json: JSONOption

    func validate() throws {
        if output.isEmpty { throw ValidationError("--output \"\": expected a folder") }
        if samples < 0 { throw ValidationError("--samples \(samples): expected 0 or more") }
        if !(0...4096).contains(pictureLimit) {
            throw ValidationError("--picture-limit \(pictureLimit): expected 0 to 4096 MiB")
        }
    }

    func run() throws {
        let home = try Home.find()
        let reader = try RunStoreReader(path: store.store)
        let catalog = try taskFolders.catalog(home)
        let runs = try reader.runs()
        guard runs.contains(where: { $0.status == .done }) else {
            throw CommandError.usage(
                "\(store.store) has no finished run to report; `idefics-eval run` makes one"
            )
        }
        let pages = ReportSource(
            runs: runs,
            titles: Dictionary(uniqueKeysWithValues: catalog.tasks.map { ($0.name, $0.title) }),
            layout: TableLayout(blocks: catalog.groups.flatMap(\.tables)),
            published: try Self.published(home)
        )
        let folder = try ReportFolder(output)
        // A probe has no number to show in tables and curves.
        let unscored = Set(catalog.tasks.filter(\.metrics.isEmpty).map(\.name))
        let scored = pages.keeping { !unscored.contains($0.plan.recipe.task) }
        for file in MarkdownReport(scored).files { try folder.write(file) }
        let extent = omitsSite ? nil : try writeSite(pages, catalog, reader, folder, home)
        try folder.finish()
        try answer(folder, extent, runCount: runs.count { $0.status == .done })
    }

    private func writeSite(
        _ pages: ReportSource,
        _ catalog: TaskCatalog,
        _ reader: RunStoreReader,
        _ folder: ReportFolder,
        _ home: Home
    ) throws -> Site.Extent {
        let session = SiteSession(
            site: Site(pages, showsTimes: !withoutTimes),
            reader: reader,
            catalog: catalog,
            folder: folder,
            pictures: SitePictures(folder, limit: pictureLimit << 20),
            sampleLimit: samples,
            dataRoot: try dataRoot(pages.runs, home)
        )
        return try session.write()
    }

    /// The data root of each run: the one that is named, else the demo's for runs of the demo.
    private func dataRoot(
        _ runs: [RunSummary],
        _ home: Home
    ) throws -> (RunSummary) -> String? {
        let named = data.data ?? ProcessInfo.processInfo.environment["IDEFICS_EVAL_DATA"] ?? ""
        let needsDemo = named.isEmpty && runs.contains(where: \.plan.isDemo)
        guard !named.isEmpty || needsDemo else { return { _ in nil } }
        let root = try data.root(home).path
        return { run in named.isEmpty && !run.plan.isDemo ? nil : root }
    }

    private func answer(_ folder: ReportFolder, _ extent: Site.Extent?, runCount: Int) throws {
        guard !json.json else {
            var object = JSONObject([
                ("output", .string(output)), ("runs", .integer(runCount)),
                ("files", .integer(folder.fileCount)), ("bytes", .integer(folder.byteCount)),
            ])
            if let extent {
                object["pictures"] = .integer(extent.pictureCount)
                object["picture_bytes"] = .integer(extent.pictureBytes)
                object["pictures_left_out"] = .integer(extent.omittedPictures)
            }
            return try Output.line(JSONValue.object(object).text())
        }
        try Output.text(
            "\(output)/README.md: \(runCount) runs, \(folder.fileCount) files, "
                + Self.mebibytes(folder.byteCount)
        )
        guard let extent else { return }
        try Output.text(
            "\(output)/site/index.html: \(extent.pictureCount) pictures, "
                + "\(Self.mebibytes(extent.pictureBytes)), at most \(samples) samples of each run"
        )
        if extent.omittedPictures > 0 {
            try Output.text(
                "\(extent.omittedPictures) more pictures are left out; --picture-limit allows more"
            )
        }
    }

    private static func mebibytes(_ bytes: Int) -> String {
        let tenths = (Double(bytes) / 1_048_576 * 10).rounded()
        return "\(tenths / 10) MiB"
    }

    private static func published(_ home: Home) throws -> PublishedResults? {
        let path = home.publishedResults
        guard FileManager.default.fileExists(atPath: path) else {
            Output.note("note: \(path) does not exist, so the report has no published numbers")
            return nil
        }
        let json = Data(try InputFile(path).contents(limit: 16 << 20))
        return try PublishedResults(json: json, path: path)
    }
}
