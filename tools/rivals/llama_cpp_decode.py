#!/usr/bin/env python3
"""Decodes greedily with llama.cpp: llama_cpp_decode.py --model F.gguf --tokens F.json --new N [--threads 2] [--batch 1]

The tokens file holds a JSON list of prompt ids. Prints one JSON object: the system's features, seconds of the prompt,
seconds of each decoding step, the ids that were chosen. With --batch B, B sequences with the same prompt go together.
"""
import argparse
import ctypes
import json
import time

import llama_cpp as llama
import numpy as np


def opened(a, length):
    llama.llama_backend_init()
    settings = llama.llama_model_default_params()
    settings.n_gpu_layers = 0
    model = llama.llama_model_load_from_file(a.model.encode(), settings)
    if not model:
        raise SystemExit(f"{a.model}: llama.cpp cannot load it")
    settings = llama.llama_context_default_params()
    settings.n_ctx = (length + a.new + 32) * a.batch
    settings.n_batch = settings.n_ubatch = max(512, length)
    settings.n_seq_max = a.batch
    settings.n_threads = settings.n_threads_batch = a.threads
    return model, llama.llama_init_from_model(model, settings)


def fill(batch, entries):
    """Entries: token, position, sequences, whether logits are wanted."""
    batch.n_tokens = len(entries)
    for i, (token, position, sequences, wanted) in enumerate(entries):
        batch.token[i], batch.pos[i], batch.logits[i] = token, position, wanted
        batch.n_seq_id[i] = len(sequences)
        for j, sequence in enumerate(sequences):
            batch.seq_id[i][j] = sequence


def best(context, row, width):
    return int(np.ctypeslib.as_array(llama.llama_get_logits_ith(context, row), shape=(width,)).argmax())


def step(context, batch, entries):
    fill(batch, entries)
    status = llama.llama_decode(context, batch)
    if status:
        raise SystemExit(f"llama_decode: status {status}")


def decode(a, tokens):
    model, context = opened(a, len(tokens))
    width = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(model))
    batch = llama.llama_batch_init(max(len(tokens), a.batch), 0, a.batch)
    everyone = list(range(a.batch))
    start = time.perf_counter()
    step(context, batch, [(t, i, everyone, i == len(tokens) - 1) for i, t in enumerate(tokens)])
    chosen = [best(context, len(tokens) - 1, width)]
    prompt_seconds, steps = time.perf_counter() - start, []
    while len(chosen) < a.new:
        start = time.perf_counter()
        position = len(tokens) + len(chosen) - 1
        step(context, batch, [(chosen[-1], position, [s], True) for s in everyone])
        chosen.append([best(context, s, width) for s in everyone][0])
        steps.append(time.perf_counter() - start)
    return {"prompt_seconds": prompt_seconds, "step_seconds": steps, "chosen": chosen}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--model", required=True)
    arguments.add_argument("--tokens", required=True)
    arguments.add_argument("--new", type=int, default=64)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--batch", type=int, default=1)
    a = arguments.parse_args()
    log = llama.llama_log_callback(lambda *_: None)
    llama.llama_log_set(log, ctypes.c_void_p(0))
    answer = decode(a, json.load(open(a.tokens)))
    print(json.dumps({"system": llama.llama_print_system_info().decode(), "version": llama.__version__, **answer}))


if __name__ == "__main__":
    main()
