import ArgumentParser
import EvalCore
import Evaluation
import Foundation
import Tasks

/// Where runs are kept.
struct StoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("File that keeps the runs.", valueName: "file"))
    var store = Self.defaultStore

    /// Below the working directory.
    static let defaultStore = "results/runs.sqlite"
}

/// Whether a program reads the results.
struct JSONOption: ParsableArguments {
    @Flag(help: "Write JSON to stdout.")
    var json = false
}

/// Which tasks there are.
struct TaskOptions: ParsableArguments {
    @Option(
        name: .customLong("tasks"),
        help: ArgumentHelp("Folder with more task files; may be repeated.", valueName: "dir")
    )
    var folders: [String] = []

    /// The built-in tasks and those of `--tasks`.
    func catalog(_ home: Home) throws -> TaskCatalog {
        let catalog = try TaskCatalog.load([home.tasks] + folders)
        for task in catalog.tasks { try task.check() }
        return catalog
    }
}

/// Where the datasets are.
struct DataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder of the datasets in their official files; else IDEFICS_EVAL_DATA, else the "
                + "demo's.",
            valueName: "dir"
        )
    )
    var data: String?

    /// The data root, and whether it is the demo's.
    func root(_ home: Home) throws -> (path: String, isDemo: Bool) {
        let named = data ?? ProcessInfo.processInfo.environment["IDEFICS_EVAL_DATA"]
        guard let path = named, !path.isEmpty else {
            return (try home.demo(home.demoData, instead: "--data"), true)
        }
        guard isFolder(path) else {
            throw CommandError(.invalidData, "\(path): no such folder; --data names the data root")
        }
        return (path, false)
    }
}

/// What decides a prompt besides the data.
struct PromptOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Split of the queries; the task's own unless given.", valueName: "name")
    )
    var split: String?

    @Option(
        name: .customLong("protocol"),
        help: ArgumentHelp("Prompts, shots and stops of m4 or openflamingo.", valueName: "name")
    )
    var promptProtocol = "m4"

    @Option(help: ArgumentHelp("Prompts of the base or instruct model.", valueName: "name"))
    var variant = "base"

    @Option(
        help: ArgumentHelp(
            "How shots are chosen: random, rices (the most similar pictures, with --encoder), none, "
                + "or fixed:FILE with one id a line.",
            valueName: "rule"
        )
    )
    var selection: ShotRule = .random

    @Option(
        help: ArgumentHelp(
            "Folder of the CLIP checkpoint that compares pictures for rices; the demo's for the "
                + "demo.",
            valueName: "dir"
        )
    )
    var encoder: String?

    @Option(
        help: ArgumentHelp(
            "Samples to draw shots from, of each class for ImageNet; the task's number unless "
                + "given.",
            valueName: "n"
        )
    )
    var supportSize: Int?

    func validate() throws {
        if let supportSize, supportSize < 1 {
            throw ValidationError("--support-size \(supportSize): expected 1 or more")
        }
        if encoder != nil, selection.request != .rices {
            throw ValidationError("--encoder compares pictures for --selection rices only")
        }
    }
}

extension Home {
    /// A part of the bundled demo.
    /// - Throws: `CommandError` if it is not there.
    func demo(_ path: String, instead flag: String) throws -> String {
        guard isFolder(path) else {
            throw CommandError(
                .invalidData,
                "\(path): the bundled demo is not there; name your own with \(flag)"
            )
        }
        return path
    }
}
