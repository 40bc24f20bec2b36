#!/usr/bin/env python3
"""Products of activations with weights, ours beside PyTorch's linear and OpenBLAS' sgemm, in turn.

    products.py --tool .build/release/benchmarks [--shapes 1024x1024,...] [--rows 1,4,16,256,1024] [--precisions bf16,f32]
        [--rounds 5] [--threads 2] [--json F.json]

A shape is INPUTSxOUTPUTS, of the 0.42 B checkpoint unless given. Each side works through copies of the weight that
together exceed the caches, as a model's layers do; --hot keeps to one. Each round asks every side once for every
product, each for about --seconds; a ratio is the median of the rounds' own. PyTorch is torch.nn.functional.linear as a
model calls it; OpenBLAS is numpy's. OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE are unset for all; its core is printed.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

from rounds import add_options, environment, keep_quiet, machine

SHAPES = "1024x1024,1024x2752,2752x1024,1024x32003,768x768,768x3072,3072x768"
COLD_BYTES = 320 << 20
PAUSE = 0.05
"""Seconds between sides: idle threads of OpenMP and OpenBLAS spin for some milliseconds."""


def timed(seconds, copies, product):
    """Seconds of each call, one weight after the other, after a warm-up round of the caches and of lazy set-up."""
    product(0)
    samples, total, i = [], 0.0, 0
    while total < seconds or len(samples) < 3:
        i += 1
        start = time.perf_counter()
        product(i % copies)
        samples.append(time.perf_counter() - start)
        total += samples[-1]
    return samples


def torch_products(threads):
    import torch

    torch.set_num_threads(threads)

    def measure(precision, m, k, n, seconds, copies):
        dtype = {"f32": torch.float32, "bf16": torch.bfloat16}[precision]
        x = torch.randn(m, k).to(dtype)
        weights = [torch.randn(n, k).to(dtype) for _ in range(copies)]
        with torch.inference_mode():
            return timed(seconds, copies, lambda i: torch.nn.functional.linear(x, weights[i]))

    return f"torch {torch.__version__}", measure


def openblas_products(threads):
    os.environ["OPENBLAS_NUM_THREADS"] = str(threads)
    import numpy as np

    def measure(precision, m, k, n, seconds, copies):
        random = np.random.default_rng(0)
        x = random.standard_normal((m, k), dtype=np.float32)
        weights = [random.standard_normal((n, k), dtype=np.float32) for _ in range(copies)]
        out = np.empty((m, n), dtype=np.float32)
        return timed(seconds, copies, lambda i: np.matmul(x, weights[i].T, out=out))

    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{blas['name']} {blas['version']}", measure


SERVERS = {"torch": torch_products, "openblas": openblas_products}


def serve(name, threads):
    """A rival's process: one line of `precision m k n seconds copies` in, one JSON object out."""
    version, measure = SERVERS[name](threads)
    print(version, flush=True)
    for line in sys.stdin:
        precision, *sizes = line.split()
        m, k, n, copies = (int(sizes[i]) for i in (0, 1, 2, 4))
        samples = sorted(measure(precision, m, k, n, float(sizes[3]), copies))
        print(json.dumps({"best": samples[0], "median": samples[len(samples) // 2]}), flush=True)


class Side:
    def __init__(self, name, command):
        self.name = name
        tells_core = name == "openblas"
        self.process = subprocess.Popen(
            command, env=environment(**({"OPENBLAS_VERBOSE": "2"} if tells_core else {})), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if tells_core else None, text=True)
        self.version = self.process.stdout.readline().strip()
        if tells_core:
            self.version += ", " + self.process.stderr.readline().strip()

    def measure(self, *request):
        time.sleep(PAUSE)
        self.process.stdin.write(" ".join(map(str, request)) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended at {request}, status {self.process.wait()}")
        return json.loads(line)


def sides(a):
    mine = Side("ours", [a.tool, "--products", "--threads", str(a.threads)])
    rivals = [Side(name, [sys.executable, os.path.abspath(__file__), "--serve", name, "--threads", str(a.threads)]) for name in a.rivals.split(",")]
    return [mine, *rivals]


def products(a):
    shapes = [tuple(map(int, shape.split("x"))) for shape in a.shapes.split(",")]
    for precision in a.precisions.split(","):
        for k, n in shapes:
            for m in map(int, a.rows.split(",")):
                yield precision, m, k, n


def measure(a, all_sides, product):
    precision, m, k, n = product
    copies = 1 if a.hot else max(1, -(-COLD_BYTES // (k * n * {"bf16": 2, "f32": 4}[precision])))
    fitting = [side for side in all_sides if side.name != "openblas" or precision == "f32"]

    def one_round():
        return {side.name: side.measure(precision, m, k, n, a.seconds, copies)[a.statistic] for side in fitting}

    rounds, note = keep_quiet(a, one_round, [side.process.pid for side in all_sides])
    flops = 2 * m * k * n
    return {"precision": precision, "m": m, "k": k, "n": n, "load": note,
            "gflops": {side.name: flops / statistics.median(r[side.name] for r in rounds) / 1e9 for side in fitting},
            "ratios": {side.name: statistics.median(r[side.name] / r["ours"] for r in rounds) for side in fitting[1:]}}


def row(result):
    cells = [result["precision"], result["m"], f"{result['k']} → {result['n']}", f"{result['gflops']['ours']:.0f}"]
    for name in ("torch", "openblas"):
        cells.append(f"{result['gflops'][name]:.0f}: {result['ratios'][name]:.2f}×" if name in result["gflops"] else "–")
    return "| " + " | ".join(map(str, [*cells, result["load"]])) + " |"


def summary(results):
    """Geometric means of the ratios, small and large products apart."""
    lines = []
    for precision in dict.fromkeys(r["precision"] for r in results):
        for title, small in (("m ≤ 16", True), ("m ≥ 256", False)):
            chosen = [r for r in results if r["precision"] == precision and (r["m"] <= 16 if small else r["m"] >= 256)]
            for name in ("torch", "openblas"):
                ratios = [r["ratios"][name] for r in chosen if name in r["ratios"]]
                if ratios:
                    lines.append(f"{precision}, {title}, against {name}: geometric mean {statistics.geometric_mean(ratios):.2f}×, "
                                 f"{min(ratios):.2f}× to {max(ratios):.2f}×")
    return "\n".join(lines)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tool", default=".build/release/benchmarks")
    arguments.add_argument("--shapes", default=SHAPES)
    arguments.add_argument("--rows", default="1,2,4,8,16,64,256,1024")
    arguments.add_argument("--precisions", default="bf16,f32")
    arguments.add_argument("--rivals", default="torch,openblas")
    arguments.add_argument("--seconds", type=float, default=0.15)
    arguments.add_argument("--statistic", choices=("median", "best"), default="median", help="of a round's calls; best is of use on a busy machine")
    arguments.add_argument("--hot", action="store_true", help="one copy of each weight")
    arguments.add_argument("--threads", type=int, default=os.cpu_count())
    arguments.add_argument("--json", help="write the figures to this file")
    arguments.add_argument("--serve", choices=SERVERS, help=argparse.SUPPRESS)
    add_options(arguments, rounds=5)
    a = arguments.parse_args()
    if a.serve:
        return serve(a.serve, a.threads)
    all_sides = sides(a)
    print(f"{machine(a.threads)}; " + "; ".join(f"{side.name}: {side.version}" for side in all_sides))
    print("\n| precision | m | k → n | ours, GFLOP/s | torch: ours against it | OpenBLAS: ours against it | rounds |")
    print("|---|---|---|---|---|---|---|", flush=True)
    results = []
    for product in products(a):
        results.append(measure(a, all_sides, product))
        print(row(results[-1]), flush=True)
    print("\n" + summary(results))
    if a.json:
        json.dump({"machine": machine(a.threads), "sides": {side.name: side.version for side in all_sides}, "results": results}, open(a.json, "w"), indent=1)


if __name__ == "__main__":
    main()
