import EvalCore
import Foundation
import Testing

struct RunSummaryTests {
    private func summary(
        reasons: [String] = [],
        status: RunStatus = .done,
        errors: Int = 0
    ) -> RunSummary {
        let engine = EngineProvenance(
            model: "m",
            weightsDigest: "w",
            tokenizerDigest: "t",
            processorDigest: "p",
            precision: "f32",
            kernelSet: "scalar",
            hasEndOfChunk: false
        )
        let recipe = RunRecipe(
            task: "vqav2",
            taskVersion: 1,
            taskDigest: "d",
            split: "val2014",
            limit: nil,
            shots: 4,
            selection: "random",
            selectionDigest: nil,
            supportSize: 2_048,
            supportDigest: "s",
            seed: 42,
            promptProtocol: "m4",
            variant: "base",
            endOfChunk: nil,
            generation: nil,
            overlong: "error",
            truncatedImages: "error",
            dataDigest: "a",
            engine: engine
        )
        let attempt = AttemptDescription(
            toolVersion: "1",
            commit: nil,
            cpu: "c",
            system: "s",
            threads: 1,
            processID: 1,
            bootID: "b"
        )
        let plan = RunPlan(
            recipe: recipe,
            sampleCount: 2,
            publishedCount: 2,
            notComparableReasons: reasons,
            isSubset: false,
            supportCount: 2,
            isDemo: false,
            label: nil,
            attempt: attempt
        )
        return RunSummary(
            run: "r",
            plan: plan,
            status: status,
            finishedCount: 2,
            errorCount: errors,
            generatedCount: 2,
            attemptCount: 1,
            metrics: [],
            submissionPath: nil,
            started: Date(timeIntervalSince1970: 0),
            finished: nil
        )
    }

    @Test func onlyAWholeCleanRunIsComparable() {
        #expect(summary().isComparable)
        #expect(!summary(reasons: ["demo data"]).isComparable)
        #expect(!summary(status: .interrupted).isComparable)
        #expect(!summary(errors: 1).isComparable)
    }

    @Test func theRecipeIsSpelledAsTheContractSays() throws {
        let json = try JSONEncoder().encode(summary().plan.recipe)
        let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        #expect(object["protocol"] as? String == "m4")
        #expect(object["seed"] as? Int == 42)
        #expect(try JSONDecoder().decode(RunRecipe.self, from: json) == summary().plan.recipe)
    }
}
