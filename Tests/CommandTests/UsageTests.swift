import Foundation
import TestSupport
import Testing

struct UsageTests {
    static let mistakes: [(arguments: [String], says: String)] = [
        (["rnu"], "did you mean \"run\"?"), (["tasks", "lst"], "did you mean \"list\"?"),
        (["nonsense"], "there are run, plan, infer"), (["run"], "Missing expected argument"),
        (["run", "vqav3"], "did you mean \"vqav2\"?"),
        (["run", "vqav2", "--shot", "2"], "Did you mean '--shots'?"),
        (["run", "vqav2", "--shots", "-1"], "--shots"),
        (["run", "vqav2", "--shots", "1,,2"], "--shots"),
        (["run", "vqav2", "--shots", "4,4"], "--shots"),
        (["run", "vqav2", "--shots", "four"], "--shots"),
        (["run", "vqav2", "--shots", ""], "expected numbers of 0 or more"),
        (["run", "vqav2", "--shots", "4,"], "expected numbers of 0 or more"),
        (["run", "vqav2", "--shots", "0, 4"], "expected numbers of 0 or more"),
        (["run", "vqav2", "--shots", "+4"], "expected numbers of 0 or more"),
        (["run", "vqav2", "--shots", "\u{664}"], "expected numbers of 0 or more"),
        (["run", "vqav2", "--shots", "4,8,04"], "names 4 twice"),
        (["run", "vqav2", "--seed", "18446744073709551616"], "expected numbers of 0 or more"),
        (["run", "vqav2", "--seed", "99999999999999999999999"], "--seed"),
        (["run", "vqav2", "--limit", "0"], "--limit 0"),
        (["run", "vqav2", "--limit", "1.5"], "--limit"),
        (["run", "vqav2", "--split", "vla2014"], "did you mean \"val2014\"?"),
        (["run", "vqav2", "--protocol", "m5"], "it has: m4, openflamingo"),
        (["run", "vqav2", "--variant", "chat"], "unknown variant"),
        (["run", "vqav2", "--selection", "nearest"], "fixed:FILE"),
        (["run", "vqav2", "--encoder", "clip"], "--selection rices only"),
        (["run", "vqav2", "--stats", "nowhere/stats.json"], "nowhere; make it first"),
        (["run", "vqav2", "--precision", "fp8"], "--precision"),
        (["run", "vqav2", "--threads", "0"], "--threads 0"),
        (["run", "vqav2", "--support-size", "0"], "--support-size 0"),
        (["run", "vqav2", "--on-error", "ignore"], "--on-error"),
        (["run", "vqav2", "--overlong", "cut"], "--overlong"),
        (["run", "vqav2", "vqav2"], "named twice"),
        (["run", "vqav2", "--selection", "none", "--shots", "2"], "--selection none"),
        (["tasks", "prompt", "vqav2", "--index", "9999"], "there is no sample 9999"),
        (["tasks", "show", "vqa2"], "did you mean \"vqav2\"?"),
        (["table", "--format", "html"], "--format"), (["score", "vqav2"], "--predictions"),
    ]

    @Test(arguments: mistakes.indices)
    func mistakeIsOneLineWithARemedyAndStatusTwo(index: Int) throws {
        let (arguments, says) = Self.mistakes[index]
        try withTemporaryDirectory { folder in
            let result = try CommandRunner(in: folder).run(arguments)
            #expect(result.status == 2, "\(result.errors)")
            #expect(result.output.isEmpty)
            let lines = result.errors.split(separator: "\n").filter {
                !$0.hasPrefix("using the bundled")
            }
            #expect(lines.count == 1)
            #expect(lines.first?.hasPrefix("error: ") == true)
            #expect(result.errors.contains(says), "\(result.errors)")
        }
    }

    @Test func homeWithoutTasksIsNamed() throws {
        try withTemporaryDirectory { folder in
            var runner = CommandRunner(in: folder)
            runner.environment["IDEFICS_EVAL_HOME"] = folder.path
            let result = try runner.run(["tasks", "list"])
            #expect(result.status == 2)
            #expect(result.errors.contains("IDEFICS_EVAL_HOME is \(folder.path)"))
        }
    }

    @Test func homeIsFoundBesideAnInstalledExecutable() throws {
        try withTemporaryDirectory { folder in
            let files = FileManager.default
            let bin = folder.appendingPathComponent("bin")
            let share = folder.appendingPathComponent("share/idefics-eval")
            for made in [bin, share] {
                try files.createDirectory(at: made, withIntermediateDirectories: true)
            }
            try files.copyItem(
                at: repositoryRoot.appendingPathComponent("tasks"),
                to: share.appendingPathComponent("tasks")
            )
            let installed = bin.appendingPathComponent("idefics-eval")
            try files.copyItem(at: CommandRunner.executable, to: installed)
            var runner = CommandRunner(in: folder)
            runner.environment["IDEFICS_EVAL_HOME"] = nil
            runner.executable = installed
            let result = try runner.run(["tasks", "list"])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("vqav2"))
        }
    }
}
