import Checkpoints
import Foundation
import Models
import StrictJSON
import Tensors
import TestSupport
import Testing

/// Configurations that no model can have are refused with file and key, never trapped on.
@Suite struct IdeficsConfigurationTests {
    struct Damage: Sendable, CustomTestStringConvertible {
        let key: String
        let value: JSONValue?
        let complaint: String

        init(_ key: String, _ value: JSONValue?, _ complaint: String = "") {
            self.key = key
            self.value = value
            self.complaint = complaint
        }

        var testDescription: String { "\(key) = \(value?.text() ?? "absent")" }
    }

    static let dimensions = [
        "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers",
        "num_attention_heads", "cross_layer_interval", "vision_config.embed_dim",
        "vision_config.image_size", "vision_config.patch_size", "vision_config.num_hidden_layers",
        "vision_config.num_attention_heads", "vision_config.intermediate_size",
        "vision_config.num_channels", "perceiver_config.resampler_n_latents",
        "perceiver_config.resampler_depth", "perceiver_config.resampler_n_heads",
        "perceiver_config.resampler_head_dim",
    ]

    static let notDimensions: [JSONValue] = [
        0, -1, .integer(.min), .integer(.max), 1_073_741_824, .bigInteger("99999999999999999999"),
        2.5, 4.0, 1e300, "4", true, nil, [4], [:],
    ]

    static let damages: [Damage] = [
        Damage("model_type", "llama", "expected \"idefics\", got \"llama\""),
        Damage("model_type", nil, "got nothing"),
        Damage("model_type", 3, "model_type"),
        Damage("num_attention_heads", 5, "multiple of num_attention_heads (5), got 48"),
        Damage("num_attention_heads", 16, "even width"),
        Damage("num_attention_heads", 96, "multiple of num_attention_heads"),
        Damage("cross_layer_interval", 3, "multiple of cross_layer_interval (3), got 4"),
        Damage("cross_layer_interval", 8, "multiple of cross_layer_interval"),
        Damage("vision_config.num_attention_heads", 3, "multiple of num_attention_heads (3)"),
        Damage("vision_config.image_size", 33, "multiple of patch_size (8), got 33"),
        Damage("vision_config.patch_size", 64, "multiple of patch_size"),
        Damage("vision_config.num_channels", 4, "num_channels"),
        Damage("vision_config.hidden_act", "gelu_new", "got \"gelu_new\""),
        Damage("vision_config.layer_norm_eps", 0, "layer_norm_eps"),
        Damage("vision_config", [], "vision_config"),
        Damage("vision_config", 3, "vision_config"),
        Damage("perceiver_config", "none", "perceiver_config"),
        Damage("perceiver_config.qk_layer_norms_perceiver", 1, "true or false"),
        Damage("hidden_act", "tanh", "expected gelu, quick_gelu, relu or silu"),
        Damage("hidden_act", 1, "hidden_act"),
        Damage("rms_norm_eps", 0, "positive number below 1"),
        Damage("rms_norm_eps", -1e-6, "positive number below 1"),
        Damage("rms_norm_eps", 1, "positive number below 1"),
        Damage("rms_norm_eps", 1e-300, "positive number below 1"),
        Damage("rms_norm_eps", "1e-6", "rms_norm_eps"),
        Damage("alpha_type", "matrix", "got \"matrix\""),
        Damage("alpha_type", false, "alpha_type"),
        Damage("qk_layer_norms", "yes", "true or false"),
        Damage("use_resampler", 0, "true or false"),
        Damage("tie_word_embeddings", "false", "true or false"),
        Damage("additional_vocab_size", -1, "additional_vocab_size"),
        Damage("additional_vocab_size", 1e9, "additional_vocab_size"),
        Damage("max_position_embeddings", 0, "max_position_embeddings"),
        Damage("eos_token_id", 1002, "eos_token_id"),
        Damage("eos_token_id", -1, "eos_token_id"),
        Damage("eos_token_id", [2, "3"], "eos_token_id[1]"),
    ]

    @Test(arguments: damages)
    func whatNoModelCanHaveIsRefused(_ damage: Damage) throws {
        let message = try #require(try refusal(damage))
        #expect(message.hasPrefix("config.json:"))
        #expect(message.contains(damage.complaint), "\(message)")
        #expect(!message.contains("\n"))
    }

    @Test(arguments: dimensions)
    func whatIsNoDimensionIsRefused(_ key: String) throws {
        for value in Self.notDimensions {
            let message = try refusal(Damage(key, value))
            #expect(message?.contains(key) == true, "\(key) = \(value.text()): \(message ?? "")")
        }
    }

    @Test func absentKeysHaveTheDefaultsOfTheReferenceClass() throws {
        let text = #"{"model_type": "idefics", "use_resampler": true}"#
        let configuration = try IdeficsConfiguration(
            ConfigurationObject(Array(text.utf8), path: "config.json")
        )
        #expect(configuration.text.width == 4096)
        #expect(configuration.text.headWidth == 128)
        #expect(configuration.logitCount == 32_000)
        #expect(configuration.vision.positionCount == 257)
        #expect(configuration.vision.activation == .gelu)
        #expect(configuration.resampler?.attentionWidth == 16 * 96)
        #expect(configuration.crossLayerCount == 32)
        #expect(configuration.stateCount == 64)
        #expect(configuration.endTokens == [2])
        #expect(configuration.gateKind == .scalar)
        #expect(configuration.maximumPositionCount == nil)
    }

    @Test func leftoversAndUnusedPartsDoNotMatter() throws {
        let leftovers: [Damage] = [
            Damage("cross_layer_activation_function", 7), Damage("torch_dtype", nil),
            Damage("dropout", "much"), Damage("vision_config.model_type", "idefics"),
            Damage("bos_token_id", nil), Damage("max_position_embeddings", nil),
        ]
        for leftover in leftovers { #expect(try refusal(leftover) == nil, "\(leftover.key)") }
        // Without a resampler its dimensions describe nothing.
        var root = try rootObject()
        root["use_resampler"] = false
        root["perceiver_config"] = 3
        #expect(try configuration(root).resampler == nil)
    }

    @Test func severalEndTokensAreRead() throws {
        var root = try rootObject()
        root["eos_token_id"] = [2, 1001]
        #expect(try configuration(root).endTokens == [2, 1001])
    }

    @Test func mutatedConfigurationsNeverTrap() throws {
        let original = try configurationBytes()
        var generator = SplitMix64(seed: 11)
        for _ in 0..<2000 {
            var bytes = original
            for _ in 0..<3 {
                let index = Int(generator.next() % UInt64(bytes.count))
                bytes[index] = UInt8(truncatingIfNeeded: generator.next())
            }
            // Only a crash would be a failure: some mutations are valid.
            _ = try? IdeficsConfiguration(ConfigurationObject(bytes, path: "config.json"))
        }
    }

    private func refusal(_ damage: Damage) throws -> String? {
        var root = try rootObject()
        let steps = damage.key.split(separator: ".").map(String.init)
        if steps.count == 2 {
            guard case .object(var inner)? = root[steps[0]] else { return nil }
            inner[steps[1]] = damage.value ?? .null
            root[steps[0]] = .object(inner)
        } else {
            root[steps[0]] = damage.value ?? .null
        }
        do {
            _ = try configuration(root)
            return nil
        } catch let error as CheckpointError { return error.description }
    }

    private func configuration(_ root: JSONObject) throws -> IdeficsConfiguration {
        try IdeficsConfiguration(
            ConfigurationObject(JSONValue.object(root).utf8(), path: "config.json")
        )
    }

    private func rootObject() throws -> JSONObject {
        let value = try JSONValue(parsing: configurationBytes(), source: "config.json")
        guard case .object(let root) = value else { throw MissingFixture(name: "config.json") }
        return root
    }

    private func configurationBytes() throws -> [UInt8] {
        let path = ReferenceCheckpoint.path("a-bf16-sharded") + "/config.json"
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

/// Steele, Lea and Flood's generator: small and good enough to damage files with.
private struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
