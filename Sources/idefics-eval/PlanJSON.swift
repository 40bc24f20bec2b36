import EvalCore
import Evaluation
import LocalEngine
import StrictJSON

/// A plan for programs: an object for each run, then one for the command.
enum PlanJSON {
    static func lines(_ plan: Plan) -> [String] {
        (plan.runs.map { run($0, at: plan.rate) } + [command(plan)])
            .map { JSONValue.object($0).text() }
    }

    private static func run(_ run: Plan.Run, at rate: MachineRate) -> JSONObject {
        let survey = run.survey
        var object = JSONObject([
            ("task", .string(survey.task)), ("split", .string(survey.split)),
            ("shots", .integer(survey.shots)), ("queries", .integer(survey.queryCount)),
            ("published", .integer(survey.publishedCount)),
            ("prompts", .integer(survey.promptCount)),
            ("candidates", .integer(survey.candidateCount)),
            ("pictures", .integer(survey.pictures.count)),
            ("tokens", tokens(survey)),
            ("memory", memory(run.memory)),
            ("work", work(run.work, at: rate)),
        ])
        object["seed"] =
            Int(exactly: survey.seed).map { .integer($0) }
            ?? .bigInteger(String(survey.seed))
        object["support"] = survey.supportCount.map { .integer($0) }
        object["missing"] = survey.missing.map { .string("\($0)") }
        object["detectable"] = survey.resolution.map { resolution in
            [
                "metric": .string(resolution.metric),
                "independent": .number(resolution.independent),
                "paired": .number(resolution.paired),
                "correlation": .number(PlanResolution.correlation),
            ]
        }
        return object
    }

    private static func tokens(_ survey: PlanSurvey) -> JSONValue {
        let lengths = survey.lengths
        guard let least = lengths.first, let most = lengths.last else { return .null }
        func share(_ share: Double) -> JSONValue {
            .integer(lengths[Int(share * Double(lengths.count - 1))])
        }
        return [
            "counted": .integer(lengths.count), "min": .integer(least), "median": share(0.5),
            "p95": share(0.95), "max": .integer(most),
            "over_limit": .integer(survey.overlongCount),
        ]
    }

    private static func memory(_ memory: MemoryForecast) -> JSONValue {
        [
            "peak": .integer(memory.peak), "needed": .integer(memory.needed),
            "weights": .integer(memory.weights), "weight_source": .integer(memory.weightSource),
            "activations": .integer(memory.activations), "pixels": .integer(memory.pixels),
            "image_states": .integer(memory.imageStates),
            "key_values": .integer(memory.keyValues), "harness": .integer(memory.harness),
        ]
    }

    private static func work(_ work: WorkForecast, at rate: MachineRate) -> JSONValue {
        [
            "pictures": .integer(work.pictures), "passes": .integer(work.passes),
            "rows": .integer(work.rows), "picture_flops": .number(work.pictureFLOPs),
            "text_flops": .number(work.textFLOPs), "seconds": .number(work.seconds(at: rate)),
        ]
    }

    private static func command(_ plan: Plan) -> JSONObject {
        let outline = plan.outline
        var object = JSONObject([
            ("model", .string(outline.provenance.model)),
            ("precision", .string(plan.precision.rawValue)),
            ("parameters", .integer(outline.parameterCount)),
            ("has_weights", .boolean(outline.hasWeights)),
            ("memory", memory(plan.memory)),
            ("pictures", .integer(plan.pictureCount)),
            ("seconds", .number(plan.seconds)),
            ("product_flops", .number(plan.rate.productFLOPs)),
            ("bytes_per_second", .number(plan.rate.bytesPerSecond)),
            ("fits", .boolean(plan.refusal == nil)),
        ])
        object["stored_bytes"] = outline.storedByteCount.map { .integer($0) }
        object["memory_limit"] = plan.memoryLimit.map { .integer($0) }
        if plan.isChecked {
            object["failing_pictures"] = .array(
                plan.failingPictures.map { picture in
                    [
                        "path": .string(picture.path), "code": .string(picture.failure.code),
                        "message": .string(picture.failure.message),
                    ]
                }
            )
        }
        return object
    }
}
