import Checkpoints
import Models
import Tensors
import Testing

/// What a CLIP `config.json` says and leaves out.
@Suite struct ClipConfigurationTests {
    private func configuration(_ text: String) throws -> ClipConfiguration {
        try ClipConfiguration(ConfigurationObject(Array(text.utf8), path: "config.json"))
    }

    @Test(arguments: [
        #"{"model_type": "clip"}"#,
        #"{"model_type": "clip", "text_config": null, "vision_config": null}"#,
        #"{"model_type": "clip", "text_config_dict": null, "vision_config_dict": null}"#,
        #"{"model_type": "clip", "text_config": {"projection_dim": 7}, "vision_config": {}}"#,
    ])
    func absentKeysHaveTheDefaultsOfTheReferenceClass(_ text: String) throws {
        let configuration = try configuration(text)
        #expect(configuration.projectionWidth == 512)
        let vision = configuration.vision
        #expect((vision.width, vision.layerCount, vision.headCount) == (768, 12, 12))
        #expect((vision.imageSize, vision.patchSize, vision.feedForwardWidth) == (224, 32, 3072))
        #expect((vision.activation, vision.epsilon) == (.quickGelu, 1e-5))
        let tower = configuration.text
        #expect((tower.width, tower.layerCount, tower.headCount) == (512, 12, 8))
        #expect((tower.feedForwardWidth, tower.vocabularySize) == (2048, 49_408))
        #expect((tower.positionCount, tower.endToken) == (77, 49_407))
        #expect((tower.activation, tower.epsilon) == (.quickGelu, 1e-5))
    }

    @Test func anEndTokenOfTwoIsTheMarkOfOldFiles() throws {
        let text = #"{"model_type": "clip", "text_config": {"eos_token_id": 2}}"#
        #expect(try configuration(text).text.endToken == nil)
    }

    /// Old published files have both; the reference then forgets the newer object entirely.
    @Test func theOlderObjectOfATowerComesFirst() throws {
        let both = try configuration(
            #"""
            {"model_type": "clip",
             "text_config": {"hidden_size": 64, "hidden_act": "gelu", "eos_token_id": 2},
             "text_config_dict": {"hidden_size": 1024, "num_attention_heads": 16},
             "vision_config": {"hidden_size": 24, "patch_size": 16},
             "vision_config_dict": {"hidden_size": 1280, "num_attention_heads": 16}}
            """#
        )
        #expect((both.text.width, both.text.activation) == (1024, .quickGelu))
        #expect(both.text.endToken == 49_407)
        #expect((both.vision.width, both.vision.patchSize) == (1280, 32))
        let empty = try configuration(
            #"{"model_type": "clip", "text_config": {"hidden_size": 64}, "text_config_dict": {}}"#
        )
        #expect(empty.text.width == 512)
    }

    @Test(arguments: [
        (#"{"model_type": "siglip"}"#, "got \"siglip\""),
        (#"{"projection_dim": 512}"#, "got nothing"),
        (#"{"model_type": "clip", "projection_dim": 0}"#, "projection_dim"),
        (#"{"model_type": "clip", "text_config": {"num_attention_heads": 7}}"#, "multiple of"),
        (#"{"model_type": "clip", "vision_config": {"num_attention_heads": 7}}"#, "multiple of"),
        (#"{"model_type": "clip", "vision_config": {"image_size": 225}}"#, "patch_size"),
        (#"{"model_type": "clip", "text_config": {"hidden_act": "gelu_new"}}"#, "gelu_new"),
        (#"{"model_type": "clip", "text_config": {"eos_token_id": -1}}"#, "eos_token_id"),
        (#"{"model_type": "clip", "text_config": {"max_position_embeddings": 1}}"#, "max_position"),
        (#"{"model_type": "clip", "text_config": 3}"#, "text_config"),
        (#"{"model_type": "clip", "text_config_dict": 3}"#, "text_config_dict"),
        (#"{"model_type": "clip", "vision_config_dict": []}"#, "vision_config_dict"),
    ])
    func whatNoModelCanHaveIsRefused(_ text: String, _ complaint: String) {
        let error = #expect(throws: CheckpointError.self) { try configuration(text) }
        #expect(error?.description.contains(complaint) == true, "\(error.debugDescription)")
        #expect(error?.description.contains("\n") == false)
    }
}
