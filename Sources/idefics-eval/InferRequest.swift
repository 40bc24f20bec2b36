import EvalCore
import StrictJSON

/// One line of a requests file, read strictly (contracts.md section 2).
struct InferRequest {
    /// The request's id as written.
    let id: JSONValue
    let request: EngineRequest

    /// Why a line is no request.
    struct Rejection: Error {
        /// The id, null if it is not known.
        var id: JSONValue
        /// Code `json_invalid` or `request_invalid`.
        var failure: SampleFailure
    }

    private static let keys = ["id", "prompt", "generate", "continuations", "prompt_logprobs"]

    /// Reads a line.
    /// - Parameters:
    ///   - bytes: the line.
    ///   - number: the request's number for the engine.
    ///   - source: the file, for messages.
    ///   - line: the line's number in it.
    ///   - folder: what relative picture paths are relative to.
    /// - Throws: why the line is no request, with the id if it has one.
    init(
        _ bytes: [UInt8],
        number: Int,
        source: String,
        line: Int,
        folder: String
    ) throws(Rejection) {
        let root: JSONField
        do {
            root = try JSONDocument(bytes, source: source, line: line).root
        } catch {
            throw Rejection(id: .null, failure: Self.failure("json_invalid", error))
        }
        let id = Self.id(of: root)
        do {
            self.id = try id ?? { throw try root["id"].unexpected("a string or an integer") }()
            try root.allowOnly(Self.keys)
            request = try Self.request(root, number: number, folder: folder)
        } catch {
            throw Rejection(id: id ?? .null, failure: Self.failure("request_invalid", error))
        }
    }

    private static func failure(_ code: String, _ error: any Error) -> SampleFailure {
        SampleFailure(code: code, message: String(describing: error))
    }

    /// The id, nil if there is none that can be answered with.
    private static func id(of root: JSONField) -> JSONValue? {
        guard case .object(let object)? = root.value, let id = object["id"] else { return nil }
        switch id {
        case .string, .integer, .bigInteger: return id
        default: return nil
        }
    }
}

// MARK: Parts

extension InferRequest {
    private static func request(
        _ root: JSONField,
        number: Int,
        folder: String
    ) throws -> EngineRequest {
        let segments = try filled(root["prompt"], "segment").map { try segment($0, folder) }
        let generate = try root["generate"]
        let continuations = try root["continuations"]
        let logprobs = try root["prompt_logprobs"]
        let request = EngineRequest(
            number: number,
            prompt: Prompt(
                segments: segments,
                candidates: continuations.isPresent
                    ? try filled(continuations, "continuation").map(continuation) : []
            ),
            generation: generate.isPresent ? try settings(generate) : nil,
            wantsPromptLogprobs: logprobs.isPresent ? try logprobs.boolean() : false
        )
        guard
            generate.isPresent || continuations.isPresent || request.wantsPromptLogprobs
        else {
            throw root.failure(
                "asks for nothing; add \"generate\", \"continuations\" or"
                    + " \"prompt_logprobs\": true"
            )
        }
        return request
    }

    private static func filled(_ field: JSONField, _ element: String) throws -> [JSONField] {
        let elements = try field.array()
        guard !elements.isEmpty else { throw field.unexpected("at least one \(element)") }
        return elements
    }

    private static func segment(_ field: JSONField, _ folder: String) throws -> Segment {
        guard let (key, value) = try onlyMember(of: field) else {
            throw field.unexpected("one of {\"markup\"}, {\"text\"} and {\"image\"}")
        }
        switch key {
        case "markup": return .markup(try value.string())
        case "text": return .text(try value.string())
        case "image":
            let path = try value.string()
            let absolute = path.utf8.first == UInt8(ascii: "/") ? path : "\(folder)/\(path)"
            return .image(ImageReference(id: path, namespace: "file", path: absolute))
        default:
            throw value.failure(
                "a segment is one of markup, text and image",
                code: .unknownKey
            )
        }
    }

    private static func onlyMember(of field: JSONField) throws -> (String, JSONField)? {
        let members = try field.members()
        return members.count == 1 ? (members[0].key, members[0].field) : nil
    }

    /// A text is data; segments of markup and text are the other form.
    private static func continuation(_ field: JSONField) throws -> [Segment] {
        switch field.value {
        case .string(let text): return [.text(text)]
        case .array:
            return try filled(field, "segment").map { element in
                let segment = try segment(element, "")
                guard case .image = segment else { return segment }
                throw element.unexpected("markup or text; pictures belong into the prompt")
            }
        default: throw field.unexpected("a string or an array of segments")
        }
    }
}

// MARK: Generation settings

extension InferRequest {
    private static let settingKeys = [
        "max_new_tokens", "beams", "length_penalty", "length_rule", "early_stopping", "stop",
        "stop_tokens", "bad_words",
    ]

    private static func settings(_ field: JSONField) throws -> GenerationSettings {
        try field.allowOnly(settingKeys)
        var settings = GenerationSettings()
        try read(field["max_new_tokens"], into: &settings.maxNewTokens) {
            try $0.integer(in: 1...4096)
        }
        try read(field["beams"], into: &settings.beams) { try $0.integer(in: 1...64) }
        try read(field["length_penalty"], into: &settings.lengthPenalty) { try $0.double() }
        try read(field["length_rule"], into: &settings.lengthRule) { try lengthRule($0) }
        try read(field["early_stopping"], into: &settings.earlyStopping) { try $0.boolean() }
        try read(field["stop"], into: &settings.stop) { try $0.array().map(stopText) }
        try read(field["stop_tokens"], into: &settings.stopTokens) {
            try $0.array().map(tokenName)
        }
        try read(field["bad_words"], into: &settings.badWords) {
            try $0.array().map(bannedSequence)
        }
        return settings
    }

    /// A missing setting keeps its default; null is a wrong type.
    private static func read<Value>(
        _ field: JSONField,
        into setting: inout Value,
        _ value: (JSONField) throws -> Value
    ) throws {
        if field.isPresent { setting = try value(field) }
    }

    private static func lengthRule(_ field: JSONField) throws -> LengthRule {
        guard let rule = LengthRule(rawValue: try field.string()) else {
            throw field.unexpected("\"generated\" or \"total\"")
        }
        return rule
    }

    private static func stopText(_ field: JSONField) throws -> String {
        let text = try field.string()
        guard !text.isEmpty else { throw field.unexpected("a text that is not empty") }
        return text
    }

    private static func tokenName(_ field: JSONField) throws -> TokenName {
        switch field.value {
        case .integer(let id): return .id(id)
        case .string(let text): return .text(text)
        default: throw field.unexpected("a token's text or its id")
        }
    }

    private static func bannedSequence(_ field: JSONField) throws -> BannedSequence {
        switch field.value {
        case .string(let text): return .text(text)
        case .array: return .ids(try filled(field, "id").map { try $0.integer() })
        default: throw field.unexpected("a text or an array of ids")
        }
    }
}
