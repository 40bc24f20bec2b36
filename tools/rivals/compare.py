#!/usr/bin/env python3
"""Runs the same requests through idefics-eval and transformers, in turn, and prints medians of ratios.

    compare.py --tool .build/release/idefics-eval --model DIR --requests F.jsonl [--precisions bf16,f32]
        [--batch-sizes 1,4,8] [--rounds 3] [--limit N]
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def environment():
    return {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}


def ours(a, requests, precision):
    with tempfile.NamedTemporaryFile(suffix=".json") as stats:
        command = [a.tool, "infer", "--model", a.model, "--requests", requests, "--precision", precision, "--stats", stats.name]
        out = subprocess.run(command, check=True, capture_output=True, text=True, env=environment()).stdout
        outputs = [json.loads(line)["generation"]["text"] for line in out.splitlines()]
        return json.load(open(stats.name))["run_seconds"], outputs


def theirs(a, requests, precision, batch):
    command = [sys.executable, os.path.join(HERE, "transformers_infer.py"), "--model", a.model, "--requests", requests,
               "--precision", precision, "--batch-size", str(batch)]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=environment()).stdout)
    return answer["run_seconds"], answer["outputs"]


def limited(a):
    lines = [line for line in open(a.requests) if line.strip()][:a.limit]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", delete=False) as f:
        f.writelines(lines)
    return f.name, len(lines)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("--tool", ".build/release/idefics-eval"), ("--model", None), ("--requests", None), ("--precisions", "bf16,f32"), ("--batch-sizes", "1,4,8")):
        arguments.add_argument(name, default=default, required=default is None)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--limit", type=int)
    a = arguments.parse_args()
    requests, count = limited(a)
    print("| precision | batch | ours, samples/s | transformers, samples/s | ratio (median) | same text | load |\n|---|---|---|---|---|---|---|")
    for precision in a.precisions.split(","):
        for batch in map(int, a.batch_sizes.split(",")):
            rows = []
            for _ in range(a.rounds):
                mine, my_texts = ours(a, requests, precision)
                rival, rival_texts = theirs(a, requests, precision, batch)
                rows.append((mine, rival, sum(x == y for x, y in zip(my_texts, rival_texts))))
            mine, rival = (statistics.median(r[i] for r in rows) for i in (0, 1))
            ratio = statistics.median(r[1] / r[0] for r in rows)
            print(f"| {precision} | {batch} | {count / mine:.2f} | {count / rival:.2f} | {ratio:.2f} | {rows[-1][2]}/{count} | {os.getloadavg()[0]:.1f} |", flush=True)
    os.unlink(requests)


if __name__ == "__main__":
    main()
