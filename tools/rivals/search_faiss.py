#!/usr/bin/env python3
"""Searches the same vectors with faiss-cpu's exact index and with ours, in turn, and compares seconds and neighbours.

    search_faiss.py --tool .build/release/benchmarks --folder SCRATCH [--count 1281167] [--queries 1000] [--width 768]
                    [--neighbours 16] [--threads 2] [--rounds 3] [--rival-core SKYLAKEX] [--keep]

Random unit vectors, written to SCRATCH (4 GB at full size; deleted afterwards unless --keep). Seconds are those of the
search alone. OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE are unset for both sides; --rival-core sets the former for faiss,
whose OpenBLAS does not know every CPU. Prints a table.
"""
import argparse
import json
import os
import statistics
import struct
import subprocess
import sys
import time

import numpy as np

VARIABLES = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def vectors(count, width, seed):
    random = np.random.default_rng(seed)
    for start in range(0, count, 65536):
        part = random.standard_normal((min(65536, count - start), width), dtype=np.float32)
        yield part / np.linalg.norm(part, axis=1, keepdims=True)


def write(path, count, width, seed):
    header = json.dumps({"embeddings": {"dtype": "F32", "shape": [count, width], "data_offsets": [0, 4 * count * width]}}).encode()
    header += b" " * (-len(header) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        for part in vectors(count, width, seed):
            file.write(part.tobytes())


def mapped(path, width):
    length = struct.unpack("<Q", open(path, "rb").read(8))[0]
    return np.memmap(path, dtype=np.float32, mode="r", offset=8 + length).reshape(-1, width)


def serve(a):
    """The rival's process: an index in memory, one search for each line on stdin."""
    import faiss

    rows, queries = mapped(a.index, a.width), np.array(mapped(a.asked, a.width))
    index = faiss.IndexFlatIP(a.width)
    for start in range(0, len(rows), 65536):
        index.add(np.ascontiguousarray(rows[start:start + 65536]))
    faiss.omp_set_num_threads(a.threads)
    print(faiss.__version__, flush=True)
    for _ in sys.stdin:
        start, cpu = time.perf_counter(), time.process_time()
        similarities, found = index.search(queries, a.neighbours)
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        np.savez(a.found, found=found, similarities=similarities)
        print(json.dumps({"seconds": seconds, "cpu_seconds": cpu}), flush=True)


class Rival:
    def __init__(self, a, environment):
        environment = environment | ({"OPENBLAS_CORETYPE": a.rival_core} if a.rival_core else {}) | {"OPENBLAS_VERBOSE": "2"}
        self.log = open(os.path.join(a.folder, "rival.log"), "w+")
        command = [sys.executable, os.path.abspath(__file__), "--serve", "--index", a.index, "--asked", a.asked, "--found", a.found]
        command += [f"--{name}={getattr(a, name)}" for name in ("width", "neighbours", "threads")]
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.version = self.process.stdout.readline().strip()
        self.log.seek(0)
        # numpy's OpenBLAS says its core first, then faiss' does.
        self.core = [line.split()[-1] for line in self.log if line.startswith("Core:")][-1]

    def search(self):
        self.process.stdin.write("search\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.log.close()


def ours(a, environment):
    command = [a.tool, "--search", a.index, a.asked, "--neighbours", str(a.neighbours), "--threads", str(a.threads)]
    return json.loads(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def compare(a):
    """Largest difference of similarities rank by rank, share of equal neighbours, and whether the others are ties."""
    mine = np.fromfile(os.path.join(a.folder, "neighbours.bin"), dtype=[("index", "<i4"), ("similarity", "<f4")])
    theirs = np.load(a.found)
    found, similarities = mine["index"].reshape(theirs["found"].shape), mine["similarity"].reshape(theirs["found"].shape)
    return np.abs(similarities - theirs["similarities"]).max(), (found == theirs["found"]).mean(), oracle(a, found, similarities)


def oracle(a, found, similarities, count=20):
    """Largest distance of our similarities from the best of all products in double, over some queries."""
    rows, queries = mapped(a.index, a.width), mapped(a.asked, a.width)[:count].astype(np.float64)
    best = np.full((len(queries), 0), -1.0)
    for start in range(0, len(rows), 65536):
        products = queries @ rows[start:start + 65536].astype(np.float64).T
        best = np.sort(np.concatenate([best, products], axis=1), axis=1)[:, -a.neighbours:]
    return np.abs(similarities[:count] - best[:, ::-1]).max()


def run(a):
    os.makedirs(a.folder, exist_ok=True)
    write(a.index, a.count, a.width, seed=1)
    write(a.asked, a.queries, a.width, seed=2)
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    rival = Rival(a, environment)
    print(f"{a.queries} queries, {a.count} x {a.width}, {a.neighbours} neighbours, {a.threads} threads; "
          f"faiss-cpu {rival.version}, core {rival.core}\n")
    print("| round | ours, s (CPU) | faiss, s (CPU) | ratio | load |\n|---|---|---|---|---|", flush=True)
    rows = []
    for number in range(a.rounds):
        mine, theirs = ours(a, environment), rival.search()
        rows.append((mine, theirs))
        ratio = theirs["seconds"] / mine["seconds"]
        print(f"| {number + 1} | {mine['seconds']:.2f} ({mine['cpu_seconds']:.2f}) | {theirs['seconds']:.2f} ({theirs['cpu_seconds']:.2f}) "
              f"| {ratio:.2f} | {os.getloadavg()[0]:.1f} |", flush=True)
    rival.close()
    wall, cpu = (statistics.median(row[1][key] / row[0][key] for row in rows) for key in ("seconds", "cpu_seconds"))
    difference, same, worst = compare(a)
    print(f"\nmedian ratio {wall:.2f} (CPU time {cpu:.2f}); our peak memory {rows[-1][0]['peak_rss_bytes'] >> 20} MiB, mapped file included")
    print(f"same neighbour at {100 * same:.3f} % of ranks; similarities differ by at most {difference:.1e}, "
          f"from the best 20 in double by {worst:.1e}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tool", default=".build/release/benchmarks")
    arguments.add_argument("--folder", default="search-faiss")
    for name, default in (("count", 1_281_167), ("queries", 1000), ("width", 768), ("neighbours", 16), ("threads", 2), ("rounds", 3)):
        arguments.add_argument(f"--{name}", type=int, default=default)
    arguments.add_argument("--rival-core")
    arguments.add_argument("--keep", action="store_true")
    arguments.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    for name in ("index", "asked", "found"):
        arguments.add_argument(f"--{name}", help=argparse.SUPPRESS)
    a = arguments.parse_args()
    if a.serve:
        return serve(a)
    names = {"index": "index.safetensors", "asked": "queries.safetensors", "found": "faiss.npz"}
    for key, name in names.items():
        setattr(a, key, os.path.join(a.folder, name))
    try:
        run(a)
    finally:
        if not a.keep:
            for name in [*names.values(), "neighbours.bin", "rival.log"]:
                if os.path.exists(os.path.join(a.folder, name)):
                    os.remove(os.path.join(a.folder, name))


if __name__ == "__main__":
    main()
