import StrictJSON
import Testing

/// Pulling records out of annotation files.
struct ScannerTests {
    enum Field: String, CaseIterable {
        case id = "question_id"
        case answers
        case name
        case long = "multiple_choice_answer_of_great_length"
    }
    enum AnswerField: String, CaseIterable { case answer }

    static let text = """
        {"info": {"annotations": [9]},
         "annotations": [
           {"question_id": 1, "answers": [{"answer_id": 1, "answer": "a"}, {"answer": "b"}], "name": null},
           {"other": [{}], "multiple_choice_answer_of_great_length": true, "name": "n", "question_id": 2},
           {"multiple_choice_answer_of_great_lengt_": 1}
         ], "rest": [1]}
        """

    private func scanner(_ text: String = text) -> JSONScanner {
        JSONScanner(Array(text.utf8), source: "a.json")
    }

    @Test func visitsChosenFieldsOfRecordsAtAPath() throws {
        var scanner = scanner()
        let fields = JSONFields<Field>()
        let answerFields = JSONFields<AnswerField>()
        var seen: [String] = []
        var lines: [Int] = []
        try scanner.forEachElement(at: ["annotations"]) { record in
            lines.append(record.line)
            try record.forEachMember(fields) { field, value in
                switch field {
                case .id: seen.append("id \(try value.integer())")
                case .name: seen.append("name \(try value.optionalString() ?? "-")")
                case .long: seen.append("long \(try value.boolean())")
                case .answers:
                    try value.forEachElement { answer in
                        try answer.forEachMember(answerFields) { _, value in
                            seen.append("answer \(try value.string())")
                        }
                    }
                }
            }
        }
        try scanner.finish()
        #expect(seen == ["id 1", "answer a", "answer b", "name -", "long true", "name n", "id 2"])
        #expect(lines == [3, 4, 5])
    }

    @Test func valuesLeftUnreadAreSkipped() throws {
        var scanner = scanner()
        var keys: [String] = []
        try scanner.forEachMember { key, value in
            keys.append(key)
            if key == "annotations" { try value.forEachElement { _ in keys.append("-") } }
        }
        try scanner.finish()
        #expect(keys == ["info", "annotations", "-", "-", "-", "rest"])
    }

    @Test func offsetsFindARecordAgain() throws {
        var scanner = scanner()
        var ranges: [Range<Int>] = []
        try scanner.forEachElement(at: ["annotations"]) { record in
            let start = try record.nextOffset()
            try record.skip()
            ranges.append(start..<record.offset)
        }
        let bytes = Array(Self.text.utf8)
        let second = try JSONValue(parsing: Array(bytes[ranges[1]]), source: "t")
        guard case .object(let object) = second else {
            Issue.record("no object")
            return
        }
        #expect(object["question_id"] == 2)
        #expect(object.keys.first == "other")
    }

    @Test func errorsNameThePathOfTheValue() throws {
        let fields = JSONFields<Field>()
        let text = "{\"x\": 1,\n \"annotations\": [{}, {\"answers\": [], \"question_id\": \"7\"}]}"
        var scanner = scanner(text)
        let error = #expect(throws: JSONError.self) {
            try scanner.forEachElement(at: ["annotations"]) { record in
                try record.forEachMember(fields) { field, value in
                    if field == .id { _ = try value.integer() }
                }
            }
        }
        #expect(
            error?.description
                == "a.json:2:53: annotations[1].question_id: expected an integer, got a string"
        )
    }

    /// Depth, the path of the value at that depth: 12 levels are named.
    @Test(arguments: [
        (11, "a[1][1][1][1][1][1][1][1][1][1][1]"),
        (12, "…[1][1][1][1][1][1][1][1][1][1][1][1]"),
        (40, "…[1][1][1][1][1][1][1][1][1][1][1][1]"),
    ])
    func onlyTheEndOfADeepPathIsNamed(depth: Int, path: String) throws {
        let open = String(repeating: "[0, ", count: depth)
        let text = #"{"a": "# + open + "x" + String(repeating: "]", count: depth) + "}"
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: Array(text.utf8), source: "a.json")
        }
        #expect(error?.path == path)
        #expect(error?.description.contains("\n") == false)
    }

    @Test func aReadersOwnErrorsCarryThePlace() throws {
        var scanner = scanner("[[], [\n1]]")
        let error = #expect(throws: JSONError.self) {
            try scanner.forEachElement { element in
                try element.forEachElement { throw $0.failure("too short") }
            }
        }
        #expect(error?.description == "a.json:2:1: [1][0]: too short")
    }

    @Test func aMissingArrayIsNamed() throws {
        for (text, message) in [
            ("{\"questions\": []}", "a.json:1:18: no \"annotations\" in this object"),
            ("[]", "a.json:1:1: expected an object, got an array"),
            ("{\"annotations\": {}}", "a.json:1:17: annotations: expected an array, got an object"),
        ] {
            var scanner = scanner(text)
            let error = #expect(throws: JSONError.self) {
                try scanner.forEachElement(at: ["annotations"]) { _ in }
            }
            #expect(error?.description == message)
        }
    }

    @Test(arguments: [
        ("1.5", "expected an integer, got 1.5"),
        ("1e2", "expected an integer, got 100.0"),
        ("99999999999999999999", "expected an integer of 64 bits, got 99999999999999999999"),
        ("\"1\"", "expected an integer, got a string"),
        ("true", "expected an integer, got a boolean"),
        ("null", "expected an integer, got null"), ("[1]", "expected an integer, got an array"),
    ])
    func integersAreNothingElse(text: String, message: String) throws {
        var scanner = scanner(text)
        let error = #expect(throws: JSONError.self) { try scanner.integer() }
        #expect(error?.message == message)
    }

    @Test func doublesMayBeWrittenAsIntegers() throws {
        var scanner = scanner("[1, -2.5, 100000000000000000000, 9007199254740993]")
        var values: [Double] = []
        try scanner.forEachElement { values.append(try $0.double()) }
        #expect(values == [1, -2.5, 1e20, 9_007_199_254_740_992])
    }

    @Test func nullIsTakenOnlyIfItIsThere() throws {
        var scanner = scanner("[null, 1]")
        var found: [Bool] = []
        try scanner.forEachElement { found.append(try $0.takeNull()) }
        try scanner.finish()
        #expect(found == [true, false])
    }

    @Test func linesAndPathsMayStartElsewhere() throws {
        var scanner = JSONScanner(source: "r.jsonl", line: 12, path: "request") {
            nil
        }
        let error = #expect(throws: JSONError.self) { try scanner.skip() }
        #expect(error?.description == "r.jsonl:12:1: request: the text ends too early")
    }
}
