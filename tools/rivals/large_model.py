#!/usr/bin/env python3
"""What a checkpoint of 9B's size takes: a run, peak memory, warm start, decode and prefill beside the machine's own rates.

    large_model.py --model .build/rivals/9b --data DATA [--tool-folder .build/release] [--precisions bf16,int8] [--rounds 2]

`run vqav2 --shots 8 --limit 4` comes first. Decode and prefill are differences of two requests with a picture, of few and
many tokens, so that start, tower and resampler drop out. Peak is the best of ours and PyTorch's products at 1024³ and
2048³, bandwidth that of reading 2 GiB, both measured in the same round. Without the checkpoint or --memory GiB free it
says so and ends with status 3.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from costs import costs
from products import Side
from rounds import add_options, environment, keep_quiet, machine

HERE = os.path.dirname(os.path.abspath(__file__))
PICTURE = os.path.join(HERE, "..", "..", "Tests", "ImagesTests", "Fixtures", "jwide.jpg")
WORDS = "a street with two cars and a tree in front of an old house while people walk by "
ITEM = {"f32": 4, "bf16": 2, "int8": 1}


def command(words):
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, env=environment())
    if done.returncode:
        raise SystemExit(f"status {done.returncode} of {' '.join(words)}")
    return done.stdout


def ours(a, *words):
    return command([os.path.join(a.tool_folder, "idefics-eval"), *words])


def available_memory():
    with open("/proc/meminfo") as f:
        return next(int(line.split()[1]) / 2**20 for line in f if line.startswith("MemAvailable"))


def skip_if_impossible(a):
    problem = None
    if not os.path.exists(os.path.join(a.model, "config.json")):
        problem = f"no checkpoint in {a.model}; tools/checkpoints/random_checkpoint.py --shape 9b writes one"
    elif available_memory() < a.memory:
        problem = f"{available_memory():.1f} GiB of memory are free, {a.memory:g} GiB are needed"
    if problem:
        print(f"skipped: {problem}", file=sys.stderr)
        raise SystemExit(3)


def whole_run(a, folder, precision):
    """Seconds, peak memory and seconds of loading of a small run, started twice: the second finds the file cache warm."""
    for attempt in ("cold", "warm"):
        stats, store = os.path.join(folder, "run.json"), os.path.join(folder, f"{precision}-{attempt}.sqlite")
        start = time.perf_counter()
        ours(a, "run", "vqav2", "--shots", "8", "--limit", "4", "--model", a.model, "--precision", precision, "--stats", stats,
             "--store", store, "--threads", str(a.threads), *(["--data", a.data] if a.data else []))
        seconds = time.perf_counter() - start
    work = json.load(open(stats))
    return {"run_seconds": seconds, "peak_gib": work["peak_rss_bytes"] / 2**30, "warm_start_seconds": work["load_seconds"]}


def request(a, folder, precision, repeats, new):
    """Counters of one request: the words so many times behind a picture, then so many new tokens."""
    path, stats = os.path.join(folder, "request.jsonl"), os.path.join(folder, "request.json")
    with open(path, "w") as f:
        prompt = [{"markup": "<s>"}, {"image": os.path.abspath(PICTURE)}, {"text": WORDS * repeats}]
        f.write(json.dumps({"id": 1, "prompt": prompt, "generate": {"max_new_tokens": new, "bad_words": [[2]]}}) + "\n")
    ours(a, "infer", "--model", a.model, "--requests", path, "--precision", precision, "--stats", stats, "--threads", str(a.threads))
    return json.load(open(stats))


def rates(a, folder, precision):
    """Tokens per second of prefill and decode."""
    short, long = (request(a, folder, precision, repeats, 1) for repeats in a.repeats)
    more = request(a, folder, precision, a.repeats[0], 1 + a.new)
    prefill = (long["prompt_tokens"] - short["prompt_tokens"]) / (long["run_seconds"] - short["run_seconds"])
    return prefill, (more["generated_tokens"] - short["generated_tokens"]) / (more["run_seconds"] - short["run_seconds"])


def yardsticks(a):
    """Best rate of a product and of reading, by processes that end before the model starts."""
    threads = str(a.threads)
    sides = [Side("ours", [os.path.join(a.tool_folder, "benchmarks"), "--products", "--threads", threads]),
             Side("torch", [sys.executable, os.path.join(HERE, "products.py"), "--serve", "torch", "--threads", threads])]
    peak = max(2 * size**3 / side.measure(precision, size, size, size, 0.5, 1)["best"]
               for side in sides for precision in ("f32", "bf16") for size in (1024, 2048))
    bandwidth = sides[0].measure("bandwidth")["bytes_per_second"]
    for side in sides:
        side.process.stdin.close()
        side.process.wait()
    return peak, bandwidth


def one_round(a, folder, precision):
    peak, bandwidth = yardsticks(a)
    prefill, decode = rates(a, folder, precision)
    c = costs(a.model)
    step_bytes = (c.token + c.head) / 2 * ITEM[precision]
    return {"peak": peak, "bandwidth": bandwidth, "prefill": prefill, "decode": decode,
            "prefill_share": prefill * c.token / peak, "decode_share": decode * step_bytes / bandwidth}


def measure(a, precision):
    with tempfile.TemporaryDirectory() as folder:
        whole = whole_run(a, folder, precision)
        rounds, note = keep_quiet(a, lambda: one_round(a, folder, precision))
    medians = {key: statistics.median(r[key] for r in rounds) for key in rounds[0]}
    return {"precision": precision, **whole, **medians, "load": note}


HEAD = """| precision | run, s | peak memory, GiB | warm start, s | prefill, tokens/s, of peak | decode, tokens/s, of bandwidth | rounds |
|---|---|---|---|---|---|---|"""


def row(m):
    return (f"| {m['precision']} | {m['run_seconds']:.0f} | {m['peak_gib']:.1f} | {m['warm_start_seconds']:.1f} "
            f"| {m['prefill']:.1f}, {100 * m['prefill_share']:.0f} % of {m['peak'] / 1e9:.0f} GFLOP/s "
            f"| {m['decode']:.2f}, {100 * m['decode_share']:.0f} % of {m['bandwidth'] / 1e9:.1f} GB/s | {m['load']} |")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tool-folder", default=".build/release", help="folder of idefics-eval and benchmarks")
    arguments.add_argument("--model", required=True)
    arguments.add_argument("--data")
    arguments.add_argument("--precisions", default="bf16")
    arguments.add_argument("--memory", type=float, default=20, help="GiB that must be free")
    arguments.add_argument("--repeats", type=int, nargs=2, default=(2, 20), help="how often the words stand in the short and the long prompt")
    arguments.add_argument("--new", type=int, default=16, help="tokens to decode")
    arguments.add_argument("--threads", type=int, default=os.cpu_count())
    arguments.add_argument("--json", help="write the figures to this file")
    add_options(arguments, rounds=2)
    a = arguments.parse_args()
    skip_if_impossible(a)
    print(f"{machine(a.threads)}\n\n{HEAD}", flush=True)
    results = []
    for precision in a.precisions.split(","):
        results.append(measure(a, precision))
        print(row(results[-1]), flush=True)
    if a.json:
        json.dump({"machine": machine(a.threads), "results": results}, open(a.json, "w"), indent=1)


if __name__ == "__main__":
    main()
