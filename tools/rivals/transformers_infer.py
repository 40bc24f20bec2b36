#!/usr/bin/env python3
"""Answers `infer` requests greedily with transformers: the engine that a user would otherwise run.

    transformers_infer.py --model DIR --requests F.jsonl --precision bf16 --batch-size 8 [--threads 2]

Prints one JSON object: load_seconds, run_seconds, outputs by id and the work that was done, padding included:
pictures through the tower, tokens forwarded, picture_steps (pictures times forward passes: transformers projects keys
and values of all pictures anew at each step). Markup and text are encoded as one string, as IdeficsProcessor does. Stop
texts cut the output afterwards, as transformers users do.
"""
import argparse
import json
import os
import time
from collections import Counter

import torch
from PIL import Image
from transformers import IdeficsForVisionText2Text, IdeficsImageProcessor, PreTrainedTokenizerFast
from transformers.models.idefics.processing_idefics import image_attention_mask_for_packed_input_ids, incremental_to_binary_attention_mask

FAKE = "<fake_token_around_image>"


def full_text(segments):
    text, last = "", None
    for segment in segments:
        (kind, value), = segment.items()
        if kind == "image":
            text += ("" if last == "image" else FAKE) + "<image>" + FAKE
        else:
            text += value
        last = kind
    return text


def pixels(requests, processor, dtype):
    rows = [[Image.open(s["image"]).convert("RGB") for s in r["prompt"] if "image" in s] for r in requests]
    most = max(1, max(map(len, rows)))
    size = processor.image_size
    batch = torch.zeros(len(rows), most, 3, size, size)
    for row, images in enumerate(rows):
        if images:
            batch[row, :len(images)] = processor(images, return_tensors="pt")
    return batch.to(dtype)


def generate(requests, model, tokenizer, processor, dtype, work):
    inputs = tokenizer([full_text(r["prompt"]) for r in requests], add_special_tokens=False, return_tensors="pt", padding="longest")
    pixel_values = pixels(requests, processor, dtype)
    mask, _ = image_attention_mask_for_packed_input_ids(inputs["input_ids"], tokenizer, return_tensors="pt")
    mask = incremental_to_binary_attention_mask(mask, return_tensors="pt", num_classes=pixel_values.shape[1])
    settings = requests[0]["generate"]
    with torch.inference_mode():
        out = model.generate(
            input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"], pixel_values=pixel_values, image_attention_mask=mask,
            max_new_tokens=settings.get("max_new_tokens", 15), do_sample=False, num_beams=1)
    rows, length = inputs["input_ids"].shape
    new = out[:, length:]
    steps = new.shape[1]
    pictures = rows * pixel_values.shape[1]
    work.update(pictures=pictures, forwarded_tokens=rows * (length + steps - 1), picture_steps=pictures * steps)
    texts = tokenizer.batch_decode(new, skip_special_tokens=True)
    return [cut(t, r["generate"].get("stop", [])) for t, r in zip(texts, requests)]


def cut(text, stops):
    ends = [text.find(s) for s in stops if s in text]
    return text[:min(ends)] if ends else text


def text_tokenizer(folder):
    return PreTrainedTokenizerFast(
        tokenizer_file=os.path.join(folder, "tokenizer.json"), padding_side="left", bos_token="<s>", eos_token="</s>", pad_token="<unk>", unk_token="<unk>")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", required=True)
    arguments.add_argument("--requests", required=True)
    arguments.add_argument("--precision", choices=("f32", "bf16"), default="bf16")
    arguments.add_argument("--batch-size", type=int, default=8)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--limit", type=int)
    a = arguments.parse_args()
    torch.set_num_threads(a.threads)
    dtype = {"f32": torch.float32, "bf16": torch.bfloat16}[a.precision]
    begin = time.perf_counter()
    model = IdeficsForVisionText2Text.from_pretrained(a.model, dtype=dtype).eval()
    tokenizer = text_tokenizer(a.model)
    processor = IdeficsImageProcessor.from_pretrained(a.model)
    loaded = time.perf_counter()
    requests = [json.loads(line) for line in open(a.requests) if line.strip()][:a.limit]
    outputs, work = {}, Counter()
    for start in range(0, len(requests), a.batch_size):
        batch = requests[start:start + a.batch_size]
        outputs |= zip((r["id"] for r in batch), generate(batch, model, tokenizer, processor, dtype, work))
    seconds = time.perf_counter() - loaded
    print(json.dumps({"load_seconds": loaded - begin, "run_seconds": seconds, "outputs": outputs, **work}))


if __name__ == "__main__":
    main()
