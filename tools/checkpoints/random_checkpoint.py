#!/usr/bin/env python3
"""Writes an IDEFICS checkpoint with random weights in Hugging Face format, for speed and geometry tests.

    python3 tools/checkpoints/random_checkpoint.py OUT [--shape small|430m|llama-430m|9b|80b] [--dtype bf16|f32] [--seed 0]
        [--tokenizer demo/checkpoint] [--layers N] [--vision-layers N] [--header-only] [--run-memory 20]

Shapes (all 224 px, patch 14, 64 latents, vocabulary 32,000 + 3):
    small        27 M parameters: real picture geometry, small widths; a run takes seconds
    430m         0.42 B parameters, the shape of the speed comparisons
    llama-430m   0.42 B parameters of LLaMA and one closed cross-attention layer, to compare with LLaMA engines
    9b           8.93 B parameters, IDEFICS-9B's shape; 17.9 GB in bf16
    80b          80.0 B parameters, IDEFICS-80B's shape, for --header-only

Needs numpy only; memory stays under 1 GB whatever the shape. Free disk is checked before anything is written, and for
shapes of 9b's size also free memory to run it (--run-memory GiB; 0 skips the check): a sentence and status 3 say so.
The tokenizer is another checkpoint's, padded with filler pieces to the vocabulary's size. Weights are normal with
standard deviation fan_in^-0.5, norms are 1, gates 0.5: outputs are noise with sane sizes. --header-only writes what a
plan reads, the index included, and no weights.
"""
import argparse
import json
import os
import shutil
import struct
import sys

import numpy as np

SHAPES = {
    "small": dict(hidden=256, inter=688, layers=8, heads=8, interval=4, vision=(192, 4, 6, 768), perceiver=(2, 6, 32)),
    "430m": dict(hidden=1024, inter=2752, layers=16, heads=16, interval=4, vision=(768, 12, 12, 3072), perceiver=(3, 12, 64)),
    "llama-430m": dict(hidden=1024, inter=2752, layers=28, heads=16, interval=28, gate=0, vision=(192, 4, 6, 768), perceiver=(2, 6, 32)),
    "9b": dict(hidden=4096, inter=11008, layers=32, heads=32, interval=4, vision=(1280, 32, 16, 5120), perceiver=(6, 16, 96)),
    "80b": dict(hidden=8192, inter=22016, layers=80, heads=64, interval=4, vision=(1280, 32, 16, 5120), perceiver=(6, 16, 96)),
}
VOCAB, ADDED = 32000, 3
SHARD_BYTES = 2 << 30
CHUNK = 1 << 24
"""Numbers made at a time: what bounds the memory."""
ITEM = {"bf16": 2, "f32": 4}
MARGIN = 2 << 30
"""Bytes of disk that stay free."""
LARGE = 8 << 30
"""Bytes of weights from which free memory is checked too."""
SPECIALS = ["<fake_token_around_image>", "<image>", "<end_of_utterance>"]


def configuration(shape, dtype):
    width, depth, heads, mlp = shape["vision"]
    blocks, latent_heads, head_dim = shape["perceiver"]
    return {
        "architectures": ["IdeficsForVisionText2Text"], "model_type": "idefics", "dtype": {"bf16": "bfloat16", "f32": "float32"}[dtype],
        "vocab_size": VOCAB, "additional_vocab_size": ADDED, "hidden_size": shape["hidden"], "intermediate_size": shape["inter"],
        "num_hidden_layers": shape["layers"], "num_attention_heads": shape["heads"], "hidden_act": "silu", "rms_norm_eps": 1e-6,
        "cross_layer_interval": min(shape["interval"], shape["layers"]), "qk_layer_norms": True, "alpha_type": "float", "alpha_initializer": "zeros",
        "use_resampler": True, "tie_word_embeddings": False, "max_position_embeddings": 2048,
        "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "use_cache": True,
        "vision_config": {"embed_dim": width, "image_size": 224, "patch_size": 14, "num_hidden_layers": depth, "num_attention_heads": heads,
                          "intermediate_size": mlp, "num_channels": 3, "hidden_act": "gelu", "layer_norm_eps": 1e-5, "model_type": "idefics_vision"},
        "perceiver_config": {"use_resampler": True, "resampler_n_latents": 64, "resampler_depth": blocks, "resampler_n_heads": latent_heads,
                             "resampler_head_dim": head_dim, "qk_layer_norms_perceiver": True, "model_type": "idefics_perciever"},
    }


def norm(prefix, width, bias):
    yield prefix + ".weight", (width,), "one"
    if bias:
        yield prefix + ".bias", (width,), "zero"


def mlp(prefix, hidden, inter):
    for name in ("gate_proj", "up_proj"):
        yield f"{prefix}.{name}.weight", (inter, hidden), "weight"
    yield f"{prefix}.down_proj.weight", (hidden, inter), "weight"


def text_tensors(config):
    h, inter = config["hidden_size"], config["intermediate_size"]
    head_dim, width = h // config["num_attention_heads"], config["vision_config"]["embed_dim"]
    yield "model.embed_tokens.weight", (VOCAB, h), "embedding"
    yield "model.embed_tokens.additional_embedding.weight", (ADDED, h), "embedding"
    for i in range(config["num_hidden_layers"]):
        p = f"model.layers.{i}"
        for name in "qkvo":
            yield f"{p}.self_attn.{name}_proj.weight", (h, h), "weight"
        yield from mlp(p + ".mlp", h, inter)
        yield from norm(p + ".input_layernorm", h, False)
        yield from norm(p + ".post_attention_layernorm", h, False)
    for c in range(config["num_hidden_layers"] // config["cross_layer_interval"]):
        p = f"model.gated_cross_attn_layers.{c}"
        yield p + ".alpha_cross_attn", (1,), "gate"
        yield p + ".alpha_dense", (1,), "gate"
        for name, shape in (("q", (h, h)), ("k", (h, width)), ("v", (h, width)), ("o", (h, h))):
            yield f"{p}.cross_attn.{name}_proj.weight", shape, "weight"
        for name in "qk":
            yield from norm(f"{p}.cross_attn.{name}_layer_norm", head_dim, False)
        yield from mlp(p + ".mlp", h, inter)
        yield from norm(p + ".input_layernorm", h, False)
        yield from norm(p + ".post_attention_layernorm", h, False)
    yield from norm("model.norm", h, False)
    yield "lm_head.weight", (VOCAB, h), "weight"
    yield "lm_head.additional_fc.weight", (ADDED, h), "weight"


def vision_tensors(config):
    v = config["vision_config"]
    e, m, patch = v["embed_dim"], v["intermediate_size"], v["patch_size"]
    p = "model.vision_model"
    yield p + ".embeddings.class_embedding", (e,), "embedding"
    yield p + ".embeddings.patch_embedding.weight", (e, 3, patch, patch), "weight"
    yield p + ".embeddings.position_embedding.weight", (1 + (v["image_size"] // patch) ** 2, e), "embedding"
    yield from norm(p + ".pre_layrnorm", e, True)
    for j in range(v["num_hidden_layers"]):
        q = f"{p}.encoder.layers.{j}"
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            yield f"{q}.self_attn.{name}.weight", (e, e), "weight"
            yield f"{q}.self_attn.{name}.bias", (e,), "zero"
        yield from norm(q + ".layer_norm1", e, True)
        yield from norm(q + ".layer_norm2", e, True)
        yield q + ".mlp.fc1.weight", (m, e), "weight"
        yield q + ".mlp.fc1.bias", (m,), "zero"
        yield q + ".mlp.fc2.weight", (e, m), "weight"
        yield q + ".mlp.fc2.bias", (e,), "zero"
    yield from norm(p + ".post_layernorm", e, True)


def perceiver_tensors(config):
    r, e = config["perceiver_config"], config["vision_config"]["embed_dim"]
    inner, head_dim = r["resampler_n_heads"] * r["resampler_head_dim"], r["resampler_head_dim"]
    p = "model.perceiver_resampler"
    yield p + ".latents", (r["resampler_n_latents"], e), "embedding"
    for b in range(r["resampler_depth"]):
        q = f"{p}.blocks.{b}"
        yield from norm(q + ".0.context_layer_norm", e, True)
        yield from norm(q + ".0.latents_layer_norm", e, True)
        for name in "qkv":
            yield f"{q}.0.{name}_proj.weight", (inner, e), "weight"
        yield q + ".0.output_proj.weight", (e, inner), "weight"
        for name in "qk":
            yield from norm(f"{q}.0.{name}_layer_norm", head_dim, True)
        yield from norm(q + ".1.ln", e, True)
        yield q + ".1.fc.weight", (4 * e, e), "weight"
        yield q + ".1.c_proj.weight", (e, 4 * e), "weight"
    yield from norm(p + ".layer_norm", e, True)


def rounded(x, dtype):
    """Bytes of f32 numbers in a dtype; bf16 rounds to nearest even."""
    if dtype == "f32":
        return x.tobytes()
    bits = x.view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16).tobytes()


def values(kind, shape, random, dtype, gate):
    """Bytes of a tensor, chunk by chunk."""
    count = int(np.prod(shape))
    constants = {"one": 1, "zero": 0, "gate": gate}
    scale = np.float32(0.05 if kind == "embedding" else np.prod(shape[1:]) ** -0.5)
    for start in range(0, count, CHUNK):
        length = min(CHUNK, count - start)
        if kind in constants:
            yield rounded(np.full(length, constants[kind], dtype=np.float32), dtype)
        else:
            yield rounded(random.standard_normal(length, dtype=np.float32) * scale, dtype)


def shards(tensors, itemsize):
    shard, size = [], 0
    for tensor in tensors:
        count = int(np.prod(tensor[1])) * itemsize
        if shard and size + count > SHARD_BYTES:
            yield shard
            shard, size = [], 0
        shard.append(tensor)
        size += count
    yield shard


def write_shard(path, shard, random, dtype, gate):
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, shape, _ in shard:
        count = int(np.prod(shape)) * ITEM[dtype]
        header[name] = {"dtype": dtype.upper(), "shape": list(shape), "data_offsets": [offset, offset + count]}
        offset += count
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for _, shape, kind in shard:
            for part in values(kind, shape, random, dtype, gate):
                f.write(part)


def write_weights(a, tensors, gate):
    random = np.random.Generator(np.random.SFC64(a.seed))
    parts = list(shards(tensors, ITEM[a.dtype]))
    names = {}
    for k, shard in enumerate(parts):
        name = "model.safetensors" if len(parts) == 1 else f"model-{k + 1:05}-of-{len(parts):05}.safetensors"
        names.update({tensor[0]: name for tensor in shard})
        if not a.header_only:
            write_shard(os.path.join(a.out, name), shard, random, a.dtype, gate)
            print(f"{name}: {len(shard)} tensors", file=sys.stderr)
    index = "model.safetensors.index.json"
    if len(parts) > 1 or a.header_only:
        save(a.out, index, {"metadata": {"total_size": parameters(tensors) * ITEM[a.dtype]}, "weight_map": names})
    elif os.path.exists(os.path.join(a.out, index)):
        os.unlink(os.path.join(a.out, index))


def parameters(tensors):
    return sum(int(np.prod(shape)) for _, shape, _ in tensors)


def available_memory():
    with open("/proc/meminfo") as f:
        return next(int(line.split()[1]) << 10 for line in f if line.startswith("MemAvailable"))


def lacking(a, size):
    """Why weights of `size` bytes cannot be written here, or run later; nothing if they can."""
    free = shutil.disk_usage(a.out).free
    if size + MARGIN > free:
        return f"{size / 1e9:.1f} GB of weights and {MARGIN / 1e9:.1f} GB to spare do not fit: {a.out} has {free / 1e9:.1f} GB free"
    memory, needed = available_memory(), int(a.run_memory * 2**30)
    if size >= LARGE and memory < needed:
        return (f"a model of {size / 1e9:.1f} GB needs {a.run_memory:g} GiB of free memory to run, "
                f"{memory / 2**30:.1f} GiB are free; --run-memory 0 writes it all the same")
    return None


def save(folder, name, value):
    with open(os.path.join(folder, name), "w") as f:
        json.dump(value, f, indent=1, ensure_ascii=False)


def write_tokenizer(folder, source):
    tokenizer = json.load(open(os.path.join(source, "tokenizer.json")))
    vocab = tokenizer["model"]["vocab"]
    for i in range(len(vocab), VOCAB):
        vocab[f"<filler_{i}>"] = i
    for token in tokenizer["added_tokens"]:
        if token["content"] in SPECIALS:
            token["id"] = VOCAB + SPECIALS.index(token["content"])
    save(folder, "tokenizer.json", tokenizer)
    settings = json.load(open(os.path.join(source, "tokenizer_config.json")))
    decoder = settings.get("added_tokens_decoder", {})
    settings["added_tokens_decoder"] = {
        str(VOCAB + SPECIALS.index(t["content"]) if t["content"] in SPECIALS else int(i)): t for i, t in decoder.items()}
    save(folder, "tokenizer_config.json", settings)
    save(folder, "special_tokens_map.json", json.load(open(os.path.join(source, "special_tokens_map.json"))))


def options():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("out")
    arguments.add_argument("--shape", choices=SHAPES, default="small")
    arguments.add_argument("--dtype", choices=ITEM, default="bf16")
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--tokenizer", default=os.path.join(os.path.dirname(__file__), "..", "..", "demo", "checkpoint"))
    arguments.add_argument("--layers", type=int, help="decoder layers in place of the shape's")
    arguments.add_argument("--vision-layers", type=int, help="vision layers in place of the shape's")
    arguments.add_argument("--header-only", action="store_true", help="no weights: configuration, tokenizer and index")
    arguments.add_argument("--run-memory", type=float, default=20, help="GiB that must be free for a large shape")
    return arguments.parse_args()


def chosen_shape(a):
    shape = dict(SHAPES[a.shape])
    width, depth, heads, mlp = shape["vision"]
    return shape | {"layers": a.layers or shape["layers"], "vision": (width, a.vision_layers or depth, heads, mlp)}


def main():
    a = options()
    os.makedirs(a.out, exist_ok=True)
    shape = chosen_shape(a)
    config = configuration(shape, a.dtype)
    tensors = [*text_tensors(config), *vision_tensors(config), *perceiver_tensors(config)]
    problem = None if a.header_only else lacking(a, parameters(tensors) * ITEM[a.dtype])
    if problem:
        print(f"skipped: {problem}", file=sys.stderr)
        raise SystemExit(3)
    save(a.out, "config.json", config)
    save(a.out, "generation_config.json", {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0})
    save(a.out, "preprocessor_config.json", {
        "image_processor_type": "IdeficsImageProcessor", "image_size": 224, "image_num_channels": 3, "do_rescale": True,
        "rescale_factor": 0.00392156862745098, "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]})
    write_tokenizer(a.out, a.tokenizer)
    write_weights(a, tensors, shape.get("gate", 0.5))
    print(f"{parameters(tensors) / 1e6:.1f} M parameters in {a.out}")


if __name__ == "__main__":
    main()
