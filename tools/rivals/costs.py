"""FLOPs of an IDEFICS checkpoint, counted from its configuration: linear layers only, 1 multiply-add = 2 FLOP."""
import json
import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    picture: float
    """Tower and resampler."""
    states: float
    """Keys and values of one picture's states in every cross-attention layer."""
    token: float
    """Decoder without the head."""
    head: float
    """Logits of one position."""


def linear(*terms):
    return 2.0 * sum(terms)


def costs(model):
    c = json.load(open(os.path.join(model, "config.json")))
    v, r = c["vision_config"], c.get("perceiver_config") or {}
    d, f, e, m = c["hidden_size"], c["intermediate_size"], v["embed_dim"], v["intermediate_size"]
    cross = c["num_hidden_layers"] // c["cross_layer_interval"]
    positions = 1 + (v["image_size"] // v["patch_size"]) ** 2
    tower = v["num_hidden_layers"] * positions * (4 * e * e + 2 * e * m) + (positions - 1) * e * 3 * v["patch_size"] ** 2
    states, resampler = positions, 0
    if c.get("use_resampler"):
        inner, states = r["resampler_n_heads"] * r["resampler_head_dim"], r["resampler_n_latents"]
        resampler = r["resampler_depth"] * (2 * states * inner * e + 2 * (positions + states) * inner * e + 8 * states * e * e)
    return Costs(
        picture=linear(tower, resampler), states=linear(cross * states * 2 * d * e),
        token=linear(c["num_hidden_layers"] * (4 * d * d + 3 * d * f), cross * (2 * d * d + 3 * d * f)),
        head=linear(d * (c["vocab_size"] + c.get("additional_vocab_size", 0))))
