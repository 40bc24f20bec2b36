import EvalCore
import StrictJSON

/// Answers of `infer` as JSON values (contracts.md section 2).
enum InferAnswer {
    /// What a request was answered.
    /// - Parameters:
    ///   - id: the request's id, null if unknown.
    ///   - request: what was asked; parts that were not asked for are left out.
    ///   - answer: the engine's answer.
    /// - Returns: one line's object.
    static func value(
        id: JSONValue,
        request: EngineRequest,
        answer: EngineAnswer
    ) -> JSONValue {
        var object = JSONObject([
            ("id", id),
            ("tokens", ids(answer.prompt.tokens)),
            ("image_index", ids(answer.prompt.imageIndex)),
        ])
        object["generation"] = answer.generation.map(value)
        if !request.prompt.candidates.isEmpty {
            object["continuations"] = .array(answer.continuations.map(value))
        }
        if request.wantsPromptLogprobs {
            object["prompt_logprobs"] = .array(answer.promptLogprobs.map { JSONValue($0) })
        }
        return .object(object)
    }

    /// Why a request was not answered.
    static func value(id: JSONValue, failure: SampleFailure) -> JSONValue {
        ["id": id, "error": ["code": .string(failure.code), "message": .string(failure.message)]]
    }

    private static func value(_ generation: Generation) -> JSONValue {
        [
            "text": .string(generation.text),
            "tokens": ids(generation.tokens),
            "finish": .string(generation.finish.rawValue),
            "logprob": .number(generation.logprob),
        ]
    }

    private static func value(_ score: ContinuationScore) -> JSONValue {
        [
            "logprob": .number(score.logprob),
            "tokens": ids(score.tokens),
            "greedy": .boolean(score.isGreedy),
        ]
    }

    private static func ids(_ tokens: [Int32]) -> JSONValue {
        .array(tokens.map { .integer(Int($0)) })
    }
}
