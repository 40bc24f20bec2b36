"""
Checkpoints of odd dimensions and rare shapes, and what numpy_reference.py (which agrees with transformers) computes with them:

    python make_odd_checkpoints.py --out ../../Tests/ModelsTests/Fixtures

`odd`: every extent odd or prime where the architecture allows, one added token, gates and norms of all kinds.
`odd-tied`: no added token, tied head, no resampler, gates per channel, no q/k norms.
`golden.safetensors`: pixel_values, image_hidden_states, logits; tokens and image indices stand in golden.json.
Needs numpy only (made with 2.4.6).
"""
import argparse
import json
import os
import struct

import numpy as np

import numpy_reference as R

BASE = dict(
    model_type="idefics", vocab_size=101, additional_vocab_size=1, hidden_size=42, intermediate_size=45, num_hidden_layers=3,
    num_attention_heads=3, hidden_act="silu", rms_norm_eps=1e-6, cross_layer_interval=3, qk_layer_norms=True, alpha_type="float",
    use_resampler=True, tie_word_embeddings=False, eos_token_id=[2, 5],
    vision_config=dict(embed_dim=39, image_size=21, patch_size=7, num_hidden_layers=2, num_attention_heads=3, intermediate_size=51,
                       hidden_act="gelu", layer_norm_eps=1e-5, num_channels=3),
    perceiver_config=dict(resampler_n_latents=7, resampler_depth=1, resampler_n_heads=5, resampler_head_dim=3, qk_layer_norms_perceiver=True))
VARIANTS = {
    "odd": BASE,
    "odd-tied": dict(BASE, additional_vocab_size=0, tie_word_embeddings=True, use_resampler=False, alpha_type="vector", qk_layer_norms=False,
                     cross_layer_interval=1),
}


def shapes(c):
    v, p = c["vision_config"], c["perceiver_config"]
    H, F, E, M = c["hidden_size"], c["intermediate_size"], v["embed_dim"], v["intermediate_size"]
    hd, inner, ps = H // c["num_attention_heads"], p["resampler_n_heads"] * p["resampler_head_dim"], v["patch_size"]
    s = {"model.embed_tokens.weight": [c["vocab_size"], H], "model.norm.weight": [H]}
    if c["additional_vocab_size"]:
        s["model.embed_tokens.additional_embedding.weight"] = [c["additional_vocab_size"], H]
    if not c["tie_word_embeddings"]:
        s["lm_head.weight"] = [c["vocab_size"], H]
        s["lm_head.additional_fc.weight"] = [c["additional_vocab_size"], H]

    def mlp(l):
        s.update({l + "mlp.gate_proj.weight": [F, H], l + "mlp.up_proj.weight": [F, H], l + "mlp.down_proj.weight": [H, F],
                  l + "input_layernorm.weight": [H], l + "post_attention_layernorm.weight": [H]})
    for i in range(c["num_hidden_layers"]):
        l = f"model.layers.{i}."
        mlp(l)
        s.update({l + f"self_attn.{n}_proj.weight": [H, H] for n in "qkvo"})
    for i in range(c["num_hidden_layers"] // c["cross_layer_interval"]):
        l = f"model.gated_cross_attn_layers.{i}."
        mlp(l)
        gate = [1] if c["alpha_type"] == "float" else [1, 1, H]
        s.update({l + "alpha_cross_attn": gate, l + "alpha_dense": gate})
        s.update({l + f"cross_attn.{n}_proj.weight": [H, E if n in "kv" else H] for n in "qkvo"})
        if c["qk_layer_norms"]:
            s.update({l + f"cross_attn.{n}_layer_norm.weight": [hd] for n in "qk"})
    b = "model.vision_model."
    norm = lambda n, size: s.update({n + ".weight": [size], n + ".bias": [size]})
    s.update({b + "embeddings.class_embedding": [E], b + "embeddings.patch_embedding.weight": [E, 3, ps, ps],
              b + "embeddings.position_embedding.weight": [1 + (v["image_size"] // ps) ** 2, E]})
    norm(b + "pre_layrnorm", E)
    norm(b + "post_layernorm", E)
    for i in range(v["num_hidden_layers"]):
        l = f"{b}encoder.layers.{i}."
        norm(l + "layer_norm1", E)
        norm(l + "layer_norm2", E)
        for n, o, k in [(f"self_attn.{x}_proj", E, E) for x in ("q", "k", "v", "out")] + [("mlp.fc1", M, E), ("mlp.fc2", E, M)]:
            s.update({l + n + ".weight": [o, k], l + n + ".bias": [o]})
    if c["use_resampler"]:
        b = "model.perceiver_resampler."
        s[b + "latents"] = [p["resampler_n_latents"], E]
        norm(b + "layer_norm", E)
        for i in range(p["resampler_depth"]):
            a, f = f"{b}blocks.{i}.0.", f"{b}blocks.{i}.1."
            for n in ("context_layer_norm", "latents_layer_norm"):
                norm(a + n, E)
            for n in ("q_layer_norm", "k_layer_norm"):
                norm(a + n, p["resampler_head_dim"])
            s.update({a + f"{n}_proj.weight": [inner, E] for n in "qkv"})
            s[a + "output_proj.weight"] = [E, inner]
            norm(f + "ln", E)
            s.update({f + "fc.weight": [4 * E, E], f + "c_proj.weight": [E, 4 * E]})
    return s


def values(name, shape, rng):
    r = rng.standard_normal(shape)
    if "norm" in name or ".ln." in name:
        return 1 + 0.15 * r if name.endswith("weight") else 0.1 * r
    if "alpha" in name:
        return 0.6 + 0.4 * r
    if name.endswith("bias"):
        return 0.1 * r
    return r / np.sqrt(np.prod(shape[1:])) if len(shape) > 1 and "embed" not in name else 0.5 * r


def write_safetensors(path, tensors):
    head, data = {}, b""
    for name in sorted(tensors):
        raw = tensors[name].astype("<f4").tobytes()
        head[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def dump(path, value):
    with open(path, "w", encoding="utf-8") as f:
        json.dump(value, f, indent=1)
        f.write("\n")


def make(name, config, out):
    rng = np.random.default_rng(sum(name.encode()))
    path = os.path.join(out, name)
    os.makedirs(path, exist_ok=True)
    w = {n: values(n, s, rng).astype(np.float32) for n, s in sorted(shapes(config).items())}
    write_safetensors(os.path.join(path, "model.safetensors"), w)
    dump(os.path.join(path, "config.json"), config)
    dump(os.path.join(path, "preprocessor_config.json"), {"image_size": config["vision_config"]["image_size"]})
    dump(os.path.join(path, "tokenizer.json"), {})                     # only its presence counts here
    v = config["vision_config"]
    pixels = rng.standard_normal((2, 3, v["image_size"], v["image_size"])).astype(np.float32)
    vision = dict(embed=v["embed_dim"], patch=v["patch_size"], eps=v["layer_norm_eps"], layers=v["num_hidden_layers"],
                  heads=v["num_attention_heads"], act=v["hidden_act"])
    states = []
    for image in pixels:
        x, _ = R.vision_tower(w, "model.vision_model.", vision, image)
        states.append(R.perceiver(w, config, x) if config["use_resampler"] else x)
    states = np.stack(states)
    top = config["vocab_size"] + config["additional_vocab_size"]
    ids = [1, top - 1] + [int(t) for t in rng.integers(0, top, 17)]
    index = [-1, 0] + [0] * 8 + [1] * 9
    logits = R.lm_forward(w, config, ids, index, states)
    dump(os.path.join(path, "golden.json"), {"input_ids": ids, "image_index_per_token": index})
    write_safetensors(os.path.join(path, "golden.safetensors"), {"pixel_values": pixels, "image_hidden_states": states, "logits": logits})


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--out", required=True)
    for variant, config in VARIANTS.items():
        make(variant, config, ap.parse_args().out)
