#!/usr/bin/env python3
"""Scores candidates behind a prompt with transformers, as its users do: from a cached prompt, or all of it each time.

    transformers_candidates.py --model DIR --request F.json --precision bf16 --mode cached|uncached --count 100 [--batch 1]

The request is one object: pictures, prompt (ids), candidates (lists of ids). `cached` forwards the prompt once and each
candidate's own tokens behind its keys and values; `uncached` forwards pictures, prompt and candidate each time. The
first --count candidates are scored, --batch at a time, padded. Prints one JSON object: prompt_seconds,
candidate_seconds (each, mean) and log-probabilities.
"""
import argparse
import copy
import json
import time

import torch
from PIL import Image
from transformers import IdeficsForVisionText2Text, IdeficsImageProcessor
from transformers.models.idefics.processing_idefics import image_attention_mask_for_packed_input_ids, incremental_to_binary_attention_mask

from transformers_infer import text_tokenizer


def inputs(request, model_folder, dtype):
    images = [Image.open(path).convert("RGB") for path in request["pictures"]]
    pixels = IdeficsImageProcessor.from_pretrained(model_folder)(images, return_tensors="pt").unsqueeze(0).to(dtype)
    ids = torch.tensor([request["prompt"]])
    mask, _ = image_attention_mask_for_packed_input_ids(ids, text_tokenizer(model_folder), return_tensors="pt")
    return ids, pixels, incremental_to_binary_attention_mask(mask, return_tensors="pt", num_classes=len(images))


def padded(candidates):
    """Ids and which of them are a candidate's own; the last id of a candidate is never forwarded."""
    width = max(map(len, candidates))
    ids = torch.tensor([c + [0] * (width - len(c)) for c in candidates])
    return ids, torch.tensor([[1] * len(c) + [0] * (width - len(c)) for c in candidates])


def scores(logits, ids, valid):
    """Sums over a candidate's tokens; row i of `logits` is what token i was predicted from."""
    rows = logits.float().log_softmax(-1)
    return (rows.gather(2, ids.unsqueeze(2)).squeeze(2) * valid).sum(1).tolist()


class Cached:
    def __init__(self, model, ids, pixels, image_mask):
        out = model(input_ids=ids, pixel_values=pixels, image_attention_mask=image_mask, use_cache=True)
        self.model, self.length, self.image_row = model, ids.shape[1], image_mask[:, -1:]
        self.cache, self.states, self.first = out.past_key_values, out.image_hidden_states, out.logits[:, -1:]

    def forward(self, ids, valid):
        rows, width = ids.shape
        cache = self.cache
        if rows > 1:
            cache = copy.deepcopy(cache)
            cache.batch_repeat_interleave(rows)
        out = self.model(
            input_ids=ids, perceiver_embeddings=self.states.expand(rows, -1, -1, -1), image_attention_mask=self.image_row.expand(rows, width, -1),
            attention_mask=torch.cat([torch.ones(rows, self.length, dtype=torch.long), valid], 1), past_key_values=cache, use_cache=True)
        cache.crop(self.length)
        return out.logits

    def __call__(self, candidates):
        ids, valid = padded(candidates)
        parts = [self.first.expand(len(ids), 1, -1)]
        if ids.shape[1] > 1:
            parts.append(self.forward(ids[:, :-1], valid[:, :-1]))
        return scores(torch.cat(parts, 1), ids, valid)


class Uncached:
    def __init__(self, model, ids, pixels, image_mask):
        self.model, self.ids, self.pixels, self.mask = model, ids, pixels, image_mask

    def __call__(self, candidates):
        ids, valid = padded(candidates)
        rows, length = len(ids), self.ids.shape[1]
        everything = torch.cat([self.ids.expand(rows, -1), ids[:, :-1]], 1)
        out = self.model(
            input_ids=everything, pixel_values=self.pixels.expand(rows, -1, -1, -1, -1), use_cache=False,
            attention_mask=torch.cat([torch.ones(rows, length, dtype=torch.long), valid[:, :-1]], 1),
            image_attention_mask=torch.cat([self.mask, self.mask[:, -1:].expand(-1, ids.shape[1] - 1, -1)], 1).expand(rows, -1, -1))
        return scores(out.logits[:, length - 1:], ids, valid)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", required=True)
    arguments.add_argument("--request", required=True)
    arguments.add_argument("--precision", choices=("f32", "bf16"), default="bf16")
    arguments.add_argument("--mode", choices=("cached", "uncached"), default="cached")
    arguments.add_argument("--count", type=int, default=100)
    arguments.add_argument("--batch", type=int, default=1)
    arguments.add_argument("--threads", type=int, default=2)
    a = arguments.parse_args()
    torch.set_num_threads(a.threads)
    dtype = {"f32": torch.float32, "bf16": torch.bfloat16}[a.precision]
    model = IdeficsForVisionText2Text.from_pretrained(a.model, dtype=dtype).eval()
    request = json.load(open(a.request))
    candidates = request["candidates"][:a.count]
    with torch.inference_mode():
        start = time.perf_counter()
        prepared = {"cached": Cached, "uncached": Uncached}[a.mode](model, *inputs(request, a.model, dtype))
        prompt_seconds = time.perf_counter() - start
        start = time.perf_counter()
        logprobs = [x for i in range(0, len(candidates), a.batch) for x in prepared(candidates[i:i + a.batch])]
        each = (time.perf_counter() - start) / len(candidates)
    print(json.dumps({"prompt_seconds": prompt_seconds, "candidate_seconds": each, "logprobs": logprobs}))


if __name__ == "__main__":
    main()
