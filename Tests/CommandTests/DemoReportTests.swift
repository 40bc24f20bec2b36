import Foundation
import TestSupport
import Testing

/// True where the kernels that the committed numbers were made with can run.
private let hasKernels =
    ((try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "").contains(" avx2 ")

/// The repository's own report: what is committed is what the program makes today.
@Suite(.enabled(if: hasKernels, "the committed numbers are those of AVX2 kernels"))
struct DemoReportTests {
    private static func files(in folder: URL) throws -> [String] {
        let list = folder.appendingPathComponent(".report-files")
        return try String(contentsOf: list, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test func theDemoPassesItsGateAndItsReportIsTheCommittedOne() throws {
        try withTemporaryDirectory { folder in
            var runner = CommandRunner(in: folder)
            runner.executable = repositoryRoot.appendingPathComponent("tools/reports")
            let made = try runner.run([CommandRunner.executable.path, "runs.sqlite", "reports"])
            #expect(made.status == 0, "\(made.output.suffix(4000))\n\(made.errors.suffix(2000))")
            #expect(made.output.contains("gate against demo: passed"))

            let (fresh, committed) = (
                folder.appendingPathComponent("reports"),
                repositoryRoot.appendingPathComponent("reports")
            )
            let names = try Self.files(in: fresh)
            #expect(try Self.files(in: committed) == names)
            let different = try names.filter { name in
                let file = committed.appendingPathComponent(name)
                guard FileManager.default.fileExists(atPath: file.path) else { return true }
                return try Data(contentsOf: file)
                    != Data(contentsOf: fresh.appendingPathComponent(name))
            }
            #expect(different.isEmpty, "`make reports` renews \(different.count): \(different)")
        }
    }
}
