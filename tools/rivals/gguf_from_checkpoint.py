#!/usr/bin/env python3
"""Writes the LLaMA inside an IDEFICS checkpoint as GGUF, the same numbers, for llama.cpp.

    gguf_from_checkpoint.py CHECKPOINT OUT.gguf [--dtype bf16|f32]

Layers, embeddings and head only, additional tokens included; no vocabulary: ids go in, logits come out. Rows of q and k
change from halves to pairs, as llama.cpp rotates them. Needs numpy and gguf (0.19.0).
"""
import argparse
import glob
import json
import os
import struct

import gguf
import numpy as np


class Weights:
    """Tensors of a safetensors folder, mapped; bf16 as uint16."""

    def __init__(self, folder):
        self.places = {}
        for path in glob.glob(os.path.join(folder, "*.safetensors")):
            with open(path, "rb") as f:
                length = struct.unpack("<Q", f.read(8))[0]
                header = json.loads(f.read(length))
            header.pop("__metadata__", None)
            self.places |= {name: (path, 8 + length + entry["data_offsets"][0], entry) for name, entry in header.items()}

    def __call__(self, name):
        path, offset, entry = self.places[name]
        dtype = {"BF16": np.uint16, "F32": np.float32}[entry["dtype"]]
        return np.memmap(path, dtype=dtype, mode="r", offset=offset, shape=tuple(entry["shape"]))

    def extended(self, name, more):
        return np.concatenate([self(name), self(more)]) if more in self.places else self(name)


def widened(x):
    return x if x.dtype == np.float32 else (x.astype(np.uint32) << 16).view(np.float32)


def narrowed(x):
    if x.dtype == np.uint16:
        return x
    bits = x.view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def paired(x, heads):
    """Rows of q or k: halves of a head's rows become neighbours."""
    rows, columns = x.shape
    return x.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def tensors(weights, config):
    heads = config["num_attention_heads"]
    yield "token_embd.weight", weights.extended("model.embed_tokens.weight", "model.embed_tokens.additional_embedding.weight")
    for i in range(config["num_hidden_layers"]):
        p, q = f"model.layers.{i}.", f"blk.{i}."
        yield q + "attn_norm.weight", weights(p + "input_layernorm.weight")
        for name in "qk":
            yield f"{q}attn_{name}.weight", paired(weights(f"{p}self_attn.{name}_proj.weight"), heads)
        yield q + "attn_v.weight", weights(p + "self_attn.v_proj.weight")
        yield q + "attn_output.weight", weights(p + "self_attn.o_proj.weight")
        yield q + "ffn_norm.weight", weights(p + "post_attention_layernorm.weight")
        for name in ("gate", "up", "down"):
            yield f"{q}ffn_{name}.weight", weights(f"{p}mlp.{name}_proj.weight")
    yield "output_norm.weight", weights("model.norm.weight")
    yield "output.weight", weights.extended("lm_head.weight", "lm_head.additional_fc.weight")


def add(writer, name, x, dtype):
    if x.ndim == 1 or dtype == "f32":
        return writer.add_tensor(name, widened(np.ascontiguousarray(x)))
    raw = np.ascontiguousarray(narrowed(np.ascontiguousarray(x)))
    writer.add_tensor(name, raw.view(np.uint8), raw_dtype=gguf.GGMLQuantizationType.BF16)


def convert(folder, out, dtype):
    config = json.load(open(os.path.join(folder, "config.json")))
    writer = gguf.GGUFWriter(out, "llama")
    width, heads = config["hidden_size"], config["num_attention_heads"]
    writer.add_vocab_size(config["vocab_size"] + config.get("additional_vocab_size", 0))
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(width)
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_rope_dimension_count(width // heads)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_file_type({"bf16": gguf.LlamaFileType.MOSTLY_BF16, "f32": gguf.LlamaFileType.ALL_F32}[dtype])
    writer.add_tokenizer_model("no_vocab")
    for name, x in tensors(Weights(folder), config):
        add(writer, name, x, dtype)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("checkpoint")
    arguments.add_argument("out")
    arguments.add_argument("--dtype", choices=("bf16", "f32"), default="bf16")
    a = arguments.parse_args()
    convert(a.checkpoint, a.out, a.dtype)
    print(f"{os.path.getsize(a.out) / 1e6:.0f} MB in {a.out}")


if __name__ == "__main__":
    main()
