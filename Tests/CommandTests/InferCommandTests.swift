import Foundation
import StrictJSON
import TestSupport
import Testing

struct InferCommandTests {
    private static let model =
        referenceFixtures().appendingPathComponent("checkpoints/b-f32-instruct").path
    private static let picture = referenceFixtures().appendingPathComponent("images/ppal.png").path

    /// Runs `infer` on lines of requests in a folder of its own.
    private func infer(
        _ lines: [String],
        _ arguments: String...,
        body: (CommandResult, URL) throws -> Void
    ) throws {
        try withTemporaryDirectory { folder in
            let file = folder.appendingPathComponent("requests.jsonl")
            try Data(lines.joined(separator: "\n").utf8).write(to: file)
            let fixed = [
                "infer", "--model", Self.model, "--requests", "requests.jsonl", "--threads", "1",
            ]
            try FileManager.default.copyItem(
                atPath: Self.picture,
                toPath: folder.appendingPathComponent("near.png").path
            )
            try body(CommandRunner(in: folder).run(fixed + arguments), folder)
        }
    }

    private static func request(_ id: String, _ rest: String) -> String {
        "{\"id\": \(id), \"prompt\": [{\"markup\": \"<s>Answer:\"}], \(rest)}"
    }

    @Test
    func profileTellsPartsApartAndLeavesAnswersAlone() throws {
        let lines = [Self.request("1", "\"generate\": {\"max_new_tokens\": 3}")]
        try infer(lines) { plain, folder in
            let profiled = try CommandRunner(in: folder).run([
                "infer", "--model", Self.model, "--requests", "requests.jsonl", "--threads", "1",
                "--profile",
            ])
            #expect(profiled.output == plain.output && profiled.status == plain.status)
            for part in ["part", "self-attention", "MLP", "head", "engine", "peak: "] {
                #expect(profiled.errors.contains("\n\(part)") || profiled.errors.hasPrefix(part))
            }
            #expect(!profiled.errors.contains("vision tower"))
            #expect(!plain.errors.contains("self-attention"))
        }
    }

    @Test
    func answersComeInTheOrderOfTheLines() throws {
        let lines = (0..<30).map { number in
            number % 5 == 3
                ? "{\"id\": \(number)}"
                : Self.request("\(number)", "\"generate\": {\"max_new_tokens\": \(1 + number % 7)}")
        }
        try infer(lines) { result, _ in
            #expect(result.status == 4)
            let ids = try result.objects().map { $0["id"] }
            #expect(ids == (0..<30).map { JSONValue.integer($0) })
        }
    }

    @Test
    func onlyWhatWasAskedForIsAnswered() throws {
        let lines = [
            Self.request("\"a\"", "\"generate\": {\"max_new_tokens\": 2}"), "", "  \t\r",
            Self.request("-7", "\"continuations\": [\" yes\", [{\"markup\": \"</s>\"}]]"),
            Self.request("123456789012345678901234567890", "\"prompt_logprobs\": true"),
        ]
        try infer(lines) { result, _ in
            #expect(result.status == 0, "\(result.errors)")
            let answers = try result.objects()
            #expect(
                answers.map(\.keys) == [
                    ["id", "tokens", "image_index", "generation"],
                    ["id", "tokens", "image_index", "continuations"],
                    ["id", "tokens", "image_index", "prompt_logprobs"],
                ]
            )
            #expect(
                answers.map { $0["id"] }
                    == ["a", -7, .bigInteger("123456789012345678901234567890")]
            )
            guard case .array(let scores)? = answers[1]["continuations"],
                case .object(let score) = scores[1]
            else { return #expect(Bool(false), "no continuations") }
            #expect(score.keys == ["logprob", "tokens", "greedy"])
            #expect(score["tokens"] == [2])
            guard case .array(let logprobs)? = answers[2]["prompt_logprobs"] else {
                return #expect(Bool(false), "no log-probabilities")
            }
            #expect(logprobs.first == .null && logprobs.count == 3)
        }
    }

    static let rejections: [(line: String, id: JSONValue, code: String)] = [
        ("{\"id\": 1, ", .null, "json_invalid"),
        (request("1", "\"generate\": {}, \"id\": 2"), .null, "json_invalid"),
        (request("1", "\"generate\": {\"length_penalty\": NaN}"), .null, "json_invalid"),
        ("[]", .null, "request_invalid"),
        ("{\"prompt\": [{\"text\": \"a\"}], \"generate\": {}}", .null, "request_invalid"),
        (request("1.0", "\"generate\": {}"), .null, "request_invalid"),
        (request("null", "\"generate\": {}"), .null, "request_invalid"),
        (request("1", "\"prompt_logprobs\": false"), 1, "request_invalid"),
        (request("1", "\"generate\": null"), 1, "request_invalid"),
        (request("1", "\"generate\": {}, \"stop\": []"), 1, "request_invalid"),
        (request("1", "\"generate\": {\"temperature\": 1}"), 1, "request_invalid"),
        (request("1", "\"generate\": {\"max_new_tokens\": 0}"), 1, "request_invalid"),
        (request("1", "\"generate\": {\"max_new_tokens\": 4097}"), 1, "request_invalid"),
        (request("1", "\"generate\": {\"max_new_tokens\": 4096}"), 1, "prompt_too_long"),
        (request("1", "\"generate\": {\"beams\": 65}"), 1, "request_invalid"),
        (request("1", "\"generate\": {\"length_rule\": \"old\"}"), 1, "request_invalid"),
        (request("1", "\"generate\": {\"stop\": [\"\"]}"), 1, "request_invalid"),
        (request("1", "\"generate\": {\"stop_tokens\": [1003]}"), 1, "stop_token_invalid"),
        (request("1", "\"generate\": {\"stop_tokens\": [\"a b\"]}"), 1, "stop_token_invalid"),
        (request("1", "\"generate\": {\"bad_words\": [[]]}"), 1, "request_invalid"),
        (request("1", "\"generate\": {\"bad_words\": [[-1]]}"), 1, "bad_word_invalid"),
        (request("1", "\"continuations\": []"), 1, "request_invalid"),
        (request("1", "\"continuations\": [[]]"), 1, "request_invalid"),
        (request("1", "\"continuations\": [[{\"image\": \"a\"}]]"), 1, "request_invalid"),
        ("{\"id\": 1, \"prompt\": [], \"generate\": {}}", 1, "request_invalid"),
        ("{\"id\": 1, \"prompt\": [{\"text\": \"\"}], \"generate\": {}}", 1, "prompt_empty"),
        ("{\"id\": 1, \"prompt\": [{\"video\": \"a\"}], \"generate\": {}}", 1, "request_invalid"),
        (
            "{\"id\": 1, \"prompt\": [{\"text\": \"a\", \"image\": \"b\"}], \"generate\": {}}", 1,
            "request_invalid"
        ),
        (
            "{\"id\": 1, \"prompt\": [{\"image\": \"no.png\"}], \"generate\": {}}", 1,
            "image_missing"
        ),
        ("{\"id\": 1, \"prompt\": [{\"image\": \".\"}], \"generate\": {}}", 1, "image_unreadable"),
        (
            "{\"id\": 1, \"prompt\": [{\"image\": \"requests.jsonl\"}], \"generate\": {}}", 1,
            "image_unreadable"
        ),
    ]

    @Test
    func aBadLineIsAnsweredAndTheOthersStillRun() throws {
        let good = Self.request("\"good\"", "\"generate\": {\"max_new_tokens\": 1}")
        try infer(Self.rejections.flatMap { [$0.line, good] }) { result, _ in
            #expect(result.status == 4)
            let answers = try result.objects()
            try #require(answers.count == 2 * Self.rejections.count)
            for (index, rejection) in Self.rejections.enumerated() {
                let answer = answers[2 * index]
                #expect(answer["id"] == rejection.id, "\(rejection.line)")
                #expect(answer.keys == ["id", "error"])
                guard case .object(let error)? = answer["error"] else { continue }
                #expect(error["code"] == .string(rejection.code), "\(rejection.line) \(error)")
                #expect(error.keys == ["code", "message"])
                #expect(answers[2 * index + 1]["generation"] != nil)
            }
        }
    }

    @Test
    func relativePicturesLieInTheWorkingDirectory() throws {
        let lines = ["near.png", Self.picture].map { path in
            "{\"id\": 0, \"prompt\": [{\"image\": \"\(path)\"}], \"prompt_logprobs\": true}"
        }
        try infer(lines, "--stats", "stats.json") { result, folder in
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.lines[0] == result.lines[1])
            let bytes = Array(try Data(contentsOf: folder.appendingPathComponent("stats.json")))
            guard case .object(let stats) = try JSONValue(parsing: bytes, source: "stats") else {
                return #expect(Bool(false), "stats are no object")
            }
            #expect(
                stats.keys == [
                    "precision", "kernel_set", "threads", "load_seconds", "run_seconds",
                    "requests", "prompt_tokens", "forwarded_tokens", "generated_tokens", "images",
                    "images_encoded", "peak_rss_bytes",
                ]
            )
            #expect(stats["images"] == 2 && stats["images_encoded"] == 1)
            #expect(stats["threads"] == 1 && stats["precision"] == "bf16")
        }
    }

    @Test
    func precisionChangesNumbers() throws {
        let line = Self.request("0", "\"prompt_logprobs\": true")
        var outputs: [String] = []
        for precision in ["f32", "bf16"] {
            try infer([line], "--precision", precision) { result, _ in
                outputs.append(result.output)
            }
        }
        #expect(outputs[0] != outputs[1])
    }

    @Test
    func noRequestsAreNoAnswers() throws {
        try infer(["", " "]) { result, _ in
            #expect(result.status == 0 && result.output.isEmpty)
        }
    }

    static let refusals: [([String], Int32)] = [
        (["--model", model, "--requests", "absent.jsonl"], 5),
        (["--model", "absent", "--requests", "requests.jsonl"], 5),
        (["--model", ".", "--requests", "requests.jsonl"], 5),
        (["--model", model, "--requests", "requests.jsonl", "--precision", "f64"], 2),
        (["--model", model, "--requests", "requests.jsonl", "--threads", "0"], 2),
        (["--model", model, "--requests", "requests.jsonl", "--max-prompt-tokens", "0"], 2),
        (["--model", model, "--requests", "requests.jsonl", "--temperature", "1"], 2),
        (["--model", model], 2),
    ]

    @Test(arguments: refusals)
    func whatCannotStartSaysWhy(arguments: [String], status: Int32) throws {
        try withTemporaryDirectory { folder in
            try Data().write(to: folder.appendingPathComponent("requests.jsonl"))
            let result = try CommandRunner(in: folder).run(["infer"] + arguments)
            #expect(result.status == status, "\(result.errors)")
            #expect(result.output.isEmpty && result.errors.hasPrefix("error: "))
        }
    }
}
