#!/usr/bin/env python3
"""Runs the same requests through idefics-eval and through transformers' generate at its best batch size, in turn.

    compare.py --tool .build/release/idefics-eval --model DIR --requests F.jsonl [--precisions bf16,f32]
        [--batch-sizes 1,2,4,8,16] [--tune 16] [--rival-count N] [--rounds 3] [--json F.json]

Every batch size answers --tune requests first; the fastest one then takes turns with ours. The rival's cost per request
does not depend on how many there are, so --rival-count lets it answer N of them, evenly spread, where all would take
hours; ours always answers all. Prints a table: samples per second, FLOPs per sample (linear layers, counted from what
each side forwarded) and rate of both, median of the rounds' ratios, equal texts, what other processes took.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

from costs import costs
from rounds import add_options, environment, keep_quiet, machine

HERE = os.path.dirname(os.path.abspath(__file__))


def output(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment())
    if done.returncode:
        raise SystemExit(f"status {done.returncode} of {' '.join(command)}")
    return done.stdout


def ours(a, requests, precision):
    with tempfile.NamedTemporaryFile(suffix=".json") as stats:
        command = [a.tool, "infer", "--model", a.model, "--requests", requests, "--precision", precision, "--stats", stats.name]
        answers = output(command + (["--threads", str(a.threads)] if a.threads else []))
        work = json.load(open(stats.name))
    texts = {answer["id"]: answer["generation"]["text"] for answer in map(json.loads, answers.splitlines())}
    return work["run_seconds"], texts, work


def theirs(a, requests, precision, batch):
    command = [sys.executable, os.path.join(HERE, "transformers_infer.py"), "--model", a.model, "--requests", requests,
               "--precision", precision, "--batch-size", str(batch)]
    answer = json.loads(output(command + (["--threads", str(a.threads)] if a.threads else [])))
    return answer["run_seconds"], answer["outputs"], answer


def our_flops(c, work):
    """Each distinct picture once, each forwarded token once, logits where a token was chosen."""
    forwarded = work["forwarded_tokens"]
    return work["images_encoded"] * (c.picture + c.states) + forwarded * c.token + work["generated_tokens"] * c.head


def their_flops(c, work):
    """Each picture of each prompt, padding too, its keys and values again at each step, logits of every position."""
    return work["pictures"] * c.picture + work["picture_steps"] * c.states + work["forwarded_tokens"] * (c.token + c.head)


class Requests:
    """The requests file and smaller ones with some of its lines, evenly spread."""

    def __init__(self, path, limit, folder):
        self.lines = [line for line in open(path) if line.strip()][:limit]
        self.folder = folder

    def take(self, count):
        count = min(count or len(self.lines), len(self.lines))
        path = os.path.join(self.folder, f"{count}.jsonl")
        with open(path, "w") as f:
            f.writelines(self.lines[i * len(self.lines) // count] for i in range(count))
        return path, count


def best_batch(a, requests, precision):
    path, count = requests.take(a.tune)
    sizes = list(map(int, a.batch_sizes.split(",")))
    if len(sizes) == 1:
        return sizes[0], {}
    rates = {size: count / theirs(a, path, precision, size)[0] for size in sizes}
    print(f"transformers {precision}, {count} requests: " + ", ".join(f"batch {s}: {r:.3f}/s" for s, r in rates.items()), file=sys.stderr)
    return max(rates, key=rates.get), rates


def measure(a, requests, precision):
    batch, rates = best_batch(a, requests, precision)
    (all_path, all_count), (some_path, some_count) = requests.take(None), requests.take(a.rival_count)
    c = costs(a.model)
    rows, note = keep_quiet(a, lambda: (ours(a, all_path, precision), theirs(a, some_path, precision, batch)))
    mine = statistics.median(all_count / m[0] for m, _ in rows)
    rival = statistics.median(some_count / r[0] for _, r in rows)
    my_work, rival_work = rows[-1][0][2], rows[-1][1][2]
    flops = our_flops(c, my_work) / all_count, their_flops(c, rival_work) / some_count
    return {
        "precision": precision, "batch": batch, "batch_rates": rates, "requests": all_count, "rival_requests": some_count,
        "ours_per_second": mine, "rival_per_second": rival,
        "ratio": statistics.median((all_count / m[0]) / (some_count / r[0]) for m, r in rows),
        "ratios": [(all_count / m[0]) / (some_count / r[0]) for m, r in rows],
        "ours_flops": flops[0], "rival_flops": flops[1], "ours_rate": flops[0] * mine, "rival_rate": flops[1] * rival,
        "same_text": sum(rows[-1][0][1][key] == text for key, text in rows[-1][1][1].items()),
        "pictures": my_work["images"], "pictures_encoded": my_work["images_encoded"], "kernel_set": my_work["kernel_set"],
        "peak_rss_bytes": my_work["peak_rss_bytes"], "load": note}


HEAD = """| precision | ours, samples/s | transformers, samples/s (batch) | ratio | ours, GFLOP per sample, GFLOP/s | transformers, the same | same text | rounds |
|---|---|---|---|---|---|---|---|"""


def row(m):
    return (f"| {m['precision']} | {m['ours_per_second']:.2f} | {m['rival_per_second']:.2f} ({m['batch']}) | {m['ratio']:.2f}× "
            f"| {m['ours_flops'] / 1e9:.0f}, {m['ours_rate'] / 1e9:.0f} | {m['rival_flops'] / 1e9:.0f}, {m['rival_rate'] / 1e9:.0f} "
            f"| {m['same_text']} of {m['rival_requests']} | {m['load']} |")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tool", default=".build/release/idefics-eval")
    arguments.add_argument("--model", required=True)
    arguments.add_argument("--requests", required=True)
    arguments.add_argument("--precisions", default="bf16,f32")
    arguments.add_argument("--batch-sizes", default="1,2,4,8,16")
    arguments.add_argument("--tune", type=int, default=16, help="requests that every batch size answers first")
    arguments.add_argument("--rival-count", type=int, help="requests that the rival answers in a round (default: all)")
    arguments.add_argument("--limit", type=int, help="the first requests only")
    arguments.add_argument("--threads", type=int, default=os.cpu_count())
    arguments.add_argument("--json", help="write the figures to this file")
    add_options(arguments, rounds=3)
    a = arguments.parse_args()
    print(f"{machine(a.threads)}\n\n{HEAD}", flush=True)
    results = []
    with tempfile.TemporaryDirectory() as folder:
        requests = Requests(a.requests, a.limit, folder)
        for precision in a.precisions.split(","):
            results.append(measure(a, requests, precision))
            print(row(results[-1]), flush=True)
            if a.json:
                json.dump({"machine": machine(a.threads), "results": results}, open(a.json, "w"), indent=1)


if __name__ == "__main__":
    main()
