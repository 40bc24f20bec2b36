#!/usr/bin/env python3
"""Scores the candidates of prompts with idefics-eval and with transformers, cached and uncached, in turn.

    candidates.py --tool .build/release/idefics-eval --model DIR --requests F.jsonl [--precisions bf16]
        [--cached 100] [--uncached 4] [--batches 1,16] [--rounds 3]

Requests as make_requests.py writes them for a task with candidates, such as imagenet with its 1,000 names; each round
scores the next one. Ours scores all of its candidates, pictures and prompt included. The rival forwards the very same
ids: it prepares the prompt once and scores --cached candidates (a mean, and --batches of them together), then --uncached
ones with the whole prompt; both are scaled to all. Prints a table, with the largest difference of log-probabilities.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

from rounds import add_options, environment, keep_quiet, machine

HERE = os.path.dirname(os.path.abspath(__file__))


def output(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment())
    if done.returncode:
        raise SystemExit(f"status {done.returncode} of {' '.join(command)}")
    return done.stdout


def ours(a, folder, line, precision):
    path, stats = os.path.join(folder, "request.jsonl"), os.path.join(folder, "stats.json")
    with open(path, "w") as f:
        f.write(line)
    command = [a.tool, "infer", "--model", a.model, "--requests", path, "--precision", precision, "--stats", stats]
    answer = json.loads(output([*command, "--threads", str(a.threads)]))
    if "error" in answer:
        raise SystemExit(answer["error"]["message"])
    return answer, json.load(open(stats))


def write_ids(folder, line, answer):
    pictures = [segment["image"] for segment in json.loads(line)["prompt"] if "image" in segment]
    path = os.path.join(folder, "ids.json")
    json.dump({"pictures": pictures, "prompt": answer["tokens"], "candidates": [c["tokens"] for c in answer["continuations"]]}, open(path, "w"))
    return path


def theirs(a, path, precision, mode, count, batch):
    answer = json.loads(output([
        sys.executable, os.path.join(HERE, "transformers_candidates.py"), "--model", a.model, "--request", path, "--precision", precision,
        "--mode", mode, "--count", str(count), "--batch", str(batch), "--threads", str(a.threads)]))
    return answer["prompt_seconds"], answer["candidate_seconds"], answer["logprobs"]


def rivals(a):
    named = [(f"cached, {b} together" if b > 1 else "cached", "cached", a.cached, b) for b in map(int, a.batches.split(","))]
    return [*named, ("uncached", "uncached", a.uncached, 1)]


def one_round(a, folder, lines, precision):
    line = next(lines)
    answer, work = ours(a, folder, line, precision)
    path = write_ids(folder, line, answer)
    scores = [c["logprob"] for c in answer["continuations"]]
    result = {"ours": work["run_seconds"], "forwarded": work["forwarded_tokens"], "prompt": len(answer["tokens"]), "candidates": len(scores),
              "own": sum(len(c["tokens"]) for c in answer["continuations"]), "pictures": work["images"]}
    for name, mode, count, batch in rivals(a):
        prompt, each, logprobs = theirs(a, path, precision, mode, count, batch)
        seconds = prompt + each * len(scores)
        result[name] = {"seconds": seconds, "ratio": seconds / work["run_seconds"], "difference": max(abs(x - y) for x, y in zip(logprobs, scores))}
    return result


def endless(path):
    lines = [line for line in open(path) if line.strip()]
    while True:
        yield from lines


def measure(a, precision):
    lines = endless(a.requests)
    with tempfile.TemporaryDirectory() as folder:
        return keep_quiet(a, lambda: one_round(a, folder, lines, precision))


def rows(a, precision, results, note):
    ours = statistics.median(r["ours"] for r in results)
    for name, *_ in rivals(a):
        seconds, ratio = (statistics.median(r[name][key] for r in results) for key in ("seconds", "ratio"))
        worst = max(r[name]["difference"] for r in results)
        yield f"| {precision} | {results[0]['candidates']} | {ours:.2f} s | {name}: {seconds:.1f} s | {ratio:.1f}× | {worst:.1e} | {note} |"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tool", default=".build/release/idefics-eval")
    arguments.add_argument("--model", required=True)
    arguments.add_argument("--requests", required=True)
    arguments.add_argument("--precisions", default="bf16")
    arguments.add_argument("--cached", type=int, default=96, help="candidates that the rival scores behind a cached prompt")
    arguments.add_argument("--uncached", type=int, default=4, help="candidates that it scores with the whole prompt")
    arguments.add_argument("--batches", default="1,16", help="candidates that it scores together behind a cached prompt")
    arguments.add_argument("--threads", type=int, default=os.cpu_count())
    arguments.add_argument("--json", help="write the figures to this file")
    add_options(arguments, rounds=3)
    a = arguments.parse_args()
    print(f"{machine(a.threads)}\n\n| precision | candidates | ours | transformers | ratio | largest difference | rounds |")
    print("|---|---|---|---|---|---|---|", flush=True)
    kept = {}
    for precision in a.precisions.split(","):
        kept[precision], note = measure(a, precision)
        print("\n".join(rows(a, precision, kept[precision], note)), flush=True)
        r = kept[precision][-1]
        least = r["prompt"] + r["own"] - r["candidates"]
        print(f"\nforwarded tokens: {r['forwarded']}; prompt {r['prompt']} + candidates' own {r['own']} less the last one of each: {least}; "
              f"{r['pictures']} pictures\n", flush=True)
    if a.json:
        json.dump({"machine": machine(a.threads), "results": kept}, open(a.json, "w"), indent=1)


if __name__ == "__main__":
    main()
