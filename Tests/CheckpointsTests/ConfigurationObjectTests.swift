import Checkpoints
import TestSupport
import Testing

@Suite struct ConfigurationObjectTests {
    private func object(_ text: String) throws -> ConfigurationObject {
        try ConfigurationObject(Array(text.utf8), path: "config.json")
    }

    private func error(_ body: () throws -> Void) -> CheckpointError? {
        do {
            try body()
            return nil
        } catch { return error as? CheckpointError }
    }

    @Test func absentKeysHaveTheirDefaults() throws {
        let empty = try object("{}")
        #expect(try empty.integer("a", in: 1...9, default: 4) == 4)
        #expect(try empty.optionalInteger("a", in: 1...9) == nil)
        #expect(try empty.integers("a", in: 1...9) == nil)
        #expect(try empty.number("a") == nil)
        #expect(try empty.flag("a", default: true))
        #expect(try empty.string("a") == nil)
        #expect(try empty.object("a").object("b").integer("c", in: 1...9, default: 4) == 4)
    }

    @Test func presentKeysAreRead() throws {
        let full = try object(
            #"{"i": 7, "n": 1e-6, "b": false, "s": "x", "l": [1, 2], "o": {"i": 8}, "z": null}"#
        )
        #expect(try full.integer("i", in: 1...9, default: 4) == 7)
        #expect(try full.integers("i", in: 1...9) == [7])
        #expect(try full.integers("l", in: 1...9) == [1, 2])
        #expect(try full.number("n") == 1e-6)
        #expect(try full.number("i") == 7)
        #expect(try full.flag("b", default: true) == false)
        #expect(try full.string("s") == "x")
        #expect(try full.object("o").integer("i", in: 1...9, default: 4) == 8)
        #expect(try full.string("z") == nil)
        #expect(try full.optionalInteger("z", in: 1...9) == nil)
    }

    @Test(arguments: [
        "0", "10", "-3", "7.0", "7.5", "\"7\"", "true", "null", "[7]", "{}",
        "99999999999999999999999", "1e400",
    ])
    func anIntegerOfAnotherTypeOrRangeIsRefused(_ value: String) {
        let error = error {
            _ = try object("{\n\"a\": \(value)}").integer("a", in: 1...9, default: 4)
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.description.hasPrefix("config.json:") == true)
    }

    @Test func errorsNameLineAndPath() throws {
        let text = "{\"vision_config\": {\n\n\"embed_dim\": \"wide\"}}"
        let error = error {
            _ = try object(text).object("vision_config").integer("embed_dim", in: 1...9, default: 1)
        }
        let message = try #require(error?.description)
        #expect(message.contains("config.json:3"))
        #expect(message.contains("vision_config.embed_dim"))
        #expect(message.contains("\"wide\""))
    }

    @Test func ownChecksNameLineAndPath() throws {
        let nested = try object("{\"o\":\n{\"k\": 3}}").object("o")
        #expect(nested.failure("k", "is odd").description == "config.json:2: o.k: is odd")
        #expect(nested.failure("j", "is missing").description.contains("o.j: is missing"))
    }

    @Test func numbersBeyondIntegersAreRead() throws {
        // What `model_max_length` is in tokenizers without a limit.
        let huge = try object("{\"a\": 1000000000000000019884624838656}")
        #expect(try huge.number("a") == 1e30)
    }
}
