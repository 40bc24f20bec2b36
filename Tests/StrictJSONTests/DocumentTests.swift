import StrictJSON
import Testing

/// Typed access to configuration files.
struct DocumentTests {
    static let text = """
        {
          "vision_config": {"embed_dim": "a", "depth": 32, "eps": 1e-5},
          "list": [1,
            {"x": null}],
          "flag": true, "huge": 1000000000000000019884624838656
        }
        """

    private func root(_ text: String = text) throws -> JSONField {
        try JSONDocument(Array(text.utf8), source: "config.json").root
    }

    @Test func readsTypedValues() throws {
        let root = try root()
        #expect(try root["vision_config"]["depth"].positiveInteger() == 32)
        #expect(try root["vision_config"]["depth"].double() == 32)
        #expect(try root["vision_config"]["eps"].double() == 1e-5)
        #expect(try root["huge"].double() == 1_000_000_000_000_000_019_884_624_838_656)
        #expect(try root["flag"].boolean())
        #expect(try root["list"].array()[0].integer() == 1)
        #expect(try root["list"].array()[1]["x"].isPresent)
        #expect(try root["list"].array()[1]["x"].optional == nil)
        #expect(try root["absent"].optional == nil)
        #expect(try root["vision_config"]["embed_dim"].string() == "a")
        #expect(try root.members().map(\.key) == ["vision_config", "list", "flag", "huge"])
    }

    @Test func errorsNamePathLineExpectedAndGot() throws {
        let root = try root()
        func message(_ body: () throws -> Void) -> String? {
            #expect(throws: JSONError.self) { try body() }?.description
        }
        #expect(
            message { _ = try root["vision_config"]["embed_dim"].positiveInteger() }
                == "config.json:2: vision_config.embed_dim: expected a positive integer, got \"a\""
        )
        #expect(
            message { _ = try root["vision_config"]["depth"].integer(in: 1...24) }
                == "config.json:2: vision_config.depth: expected an integer from 1 to 24, got 32"
        )
        #expect(
            message { _ = try root["list"].array()[1]["x"].string() }
                == "config.json:4: list[1].x: expected a string, got null"
        )
        #expect(
            message { _ = try root["vision_config"]["width"].integer() }
                == "config.json:2: vision_config.width: is missing; expected an integer"
        )
        #expect(
            message { _ = try root["flag"]["x"] }
                == "config.json:5: flag: expected an object, got true"
        )
        #expect(
            message { _ = try root["absent"]["x"] }
                == "config.json:1: absent: is missing; expected an object"
        )
        #expect(
            message { _ = try root["huge"].integer() }
                == "config.json:5: huge: expected an integer, got 1000000000000000019884624838656"
        )
        #expect(
            message { _ = try root["list"].double() }
                == "config.json:3: list: expected a number, got an array of 2"
        )
        #expect(
            message { try root["vision_config"].allowOnly(["embed_dim", "depth"]) }
                == "config.json:2: vision_config.eps: unknown key; known are embed_dim, depth"
        )
        #expect(
            message { _ = try root["absent"].required() } == "config.json:1: absent: is missing"
        )
    }

    @Test func errorsShowLongAndHarmfulTextShort() throws {
        let long = String(repeating: "\\u001b[31m", count: 40)
        let root = try root("{\"a\": \"\(long)\"}")
        let error = #expect(throws: JSONError.self) { try root["a"].integer() }
        let text = try #require(error?.description)
        #expect(text.utf8.count < 140)
        #expect(!text.unicodeScalars.contains("\u{1B}"))
    }

    @Test func linesCountFromTheFirstLineOfTheText() throws {
        let root = try JSONDocument(Array("{\"id\":\n3}".utf8), source: "r.jsonl", line: 7).root
        let error = #expect(throws: JSONError.self) { try root["id"].string() }
        #expect(error?.line == 8)
    }

    @Test func objectsKeepOrderAndFindKeysByBytes() throws {
        var object = JSONObject((0..<40).map { ("k\($0)", .integer($0)) })
        object["\u{E9}"] = 1
        object["e\u{301}"] = 2
        #expect(object["\u{E9}"] == 1)
        #expect(object["e\u{301}"] == 2)
        object["k3"] = "three"
        object["k4"] = nil
        #expect(object["k3"] == "three")
        #expect(object["k4"] == nil)
        #expect(object["k39"] == 39)
        #expect(object.count == 41)
        #expect(object.keys.prefix(5) == ["k0", "k1", "k2", "k3", "k5"])
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
        #expect(JSONValue.integer(1) != .number(1))
    }
}
