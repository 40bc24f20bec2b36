#!/usr/bin/env python3
"""Decodes the same LLaMA, the same numbers in the same format, with idefics-eval and llama.cpp, in turn.

    decode.py --tool .build/release/idefics-eval --model CHECKPOINT --scratch DIR [--precisions bf16]
        [--new 128] [--sequences 1] [--rounds 5] [--python .build-llama/bin/python]

CHECKPOINT is of shape llama-430m (tools/checkpoints/random_checkpoint.py); llama.cpp gets its layers as GGUF, ours reads
one cross-attention block more. Tokens per second are of the steps alone: ours from runs of 8 and of --new tokens, the
rival's from its steps after the eighth. GB/s count each side's weights once a step. Prints a table and the number of
equal tokens at the start, which random weights and other roundings end sooner or later.
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
SHORT = 8
WORDS = "the picture shows a street with two cars and a tree in front of an old house while people walk by"


def output(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment())
    if done.returncode:
        raise SystemExit(f"status {done.returncode} of {' '.join(command)}")
    return done.stdout


def requests(path, count, new):
    """Prompts that differ in their first word, so that sequences share nothing; the end token is banned."""
    with open(path, "w") as f:
        for i in range(count):
            prompt = [{"markup": "<s>"}, {"text": f"{i} {WORDS} and then {WORDS}"}]
            f.write(json.dumps({"id": i, "prompt": prompt, "generate": {"max_new_tokens": new, "bad_words": [[2]]}}) + "\n")


def ours(a, folder, precision, new):
    path, stats = os.path.join(folder, f"{new}.jsonl"), os.path.join(folder, "stats.json")
    requests(path, a.sequences, new)
    answers = output([a.tool, "infer", "--model", a.model, "--requests", path, "--precision", precision, "--stats", stats, "--threads", str(a.threads)])
    work = json.load(open(stats))
    if work["generated_tokens"] != new * a.sequences:
        raise SystemExit(f"{work['generated_tokens']} tokens, expected {new * a.sequences}: --max-prompt-tokens too low, or an end token")
    return work["run_seconds"], json.loads(answers.splitlines()[0])


def our_rate(a, folder, precision):
    short, _ = ours(a, folder, precision, SHORT)
    long, answer = ours(a, folder, precision, a.new)
    return (a.new - SHORT) * a.sequences / (long - short), answer


def their_rate(a, folder, model, tokens):
    path = os.path.join(folder, "tokens.json")
    json.dump(tokens, open(path, "w"))
    answer = json.loads(output([a.python, os.path.join(HERE, "llama_cpp_decode.py"), "--model", model, "--tokens", path, "--new", str(a.new),
                                "--threads", str(a.threads), "--batch", str(a.sequences)]))
    steps = answer["step_seconds"][SHORT - 1:]
    return len(steps) * a.sequences / sum(steps), answer


def one_round(a, folder, precision, model):
    mine, my_answer = our_rate(a, folder, precision)
    rival, answer = their_rate(a, folder, model, my_answer["tokens"])
    mine_ids, rival_ids = my_answer["generation"]["tokens"], answer["chosen"]
    equal = next((i for i, (x, y) in enumerate(zip(mine_ids, rival_ids)) if x != y), len(rival_ids))
    return mine, rival, equal, answer


def converted(a, precision):
    path = os.path.join(a.scratch, f"llama-{precision}.gguf")
    if not os.path.exists(path):
        output([a.python, os.path.join(HERE, "gguf_from_checkpoint.py"), a.model, path, "--dtype", precision])
    return path


def bytes_per_step(model, precision):
    """Weights that one step reads: ours and the LLaMA's, which has no cross-attention."""
    c, config = costs(model), json.load(open(os.path.join(model, "config.json")))
    d, f = config["hidden_size"], config["intermediate_size"]
    cross = config["num_hidden_layers"] // config["cross_layer_interval"] * (2 * d * d + 3 * d * f)
    item = {"bf16": 2, "f32": 4}[precision]
    ours = (c.token + c.head) / 2 * item
    return ours, ours - cross * item


def measure(a, precision):
    model = converted(a, precision)
    with tempfile.TemporaryDirectory() as folder:
        rows, note = keep_quiet(a, lambda: one_round(a, folder, precision, model))
    mine, rival = (statistics.median(r[i] for r in rows) for i in (0, 1))
    sizes = bytes_per_step(a.model, precision)
    return {"precision": precision, "sequences": a.sequences, "ours_tokens_per_second": mine, "rival_tokens_per_second": rival,
            "ours_bandwidth": mine / a.sequences * sizes[0], "rival_bandwidth": rival / a.sequences * sizes[1],
            "ratio": statistics.median(r[0] / r[1] for r in rows), "ratios": [r[0] / r[1] for r in rows],
            "equal_tokens": min(r[2] for r in rows), "new": a.new, "version": rows[0][3]["version"], "system": rows[0][3]["system"], "load": note}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tool", default=".build/release/idefics-eval")
    arguments.add_argument("--model", required=True)
    arguments.add_argument("--scratch", required=True, help="folder for the GGUF files, which stay there")
    arguments.add_argument("--python", default=sys.executable, help="one with llama-cpp-python, gguf and numpy")
    arguments.add_argument("--precisions", default="bf16")
    arguments.add_argument("--new", type=int, default=128)
    arguments.add_argument("--sequences", type=int, default=1)
    arguments.add_argument("--threads", type=int, default=os.cpu_count())
    arguments.add_argument("--json", help="write the figures to this file")
    add_options(arguments, rounds=5)
    a = arguments.parse_args()
    os.makedirs(a.scratch, exist_ok=True)
    print(f"{machine(a.threads)}\n\n| precision | sequences | ours, tokens/s, GB/s | llama.cpp, the same | ratio | equal tokens | rounds |")
    print("|---|---|---|---|---|---|---|", flush=True)
    results = []
    for precision in a.precisions.split(","):
        m = measure(a, precision)
        results.append(m)
        print(f"| {precision} | {m['sequences']} | {m['ours_tokens_per_second']:.1f}, {m['ours_bandwidth'] / 1e9:.1f} "
              f"| {m['rival_tokens_per_second']:.1f}, {m['rival_bandwidth'] / 1e9:.1f} | {m['ratio']:.2f}× "
              f"| {m['equal_tokens']} of {m['new']} | {m['load']} |", flush=True)
    print(f"\nllama-cpp-python {results[0]['version']}: {results[0]['system']}")
    if a.json:
        json.dump({"machine": machine(a.threads), "results": results}, open(a.json, "w"), indent=1)


if __name__ == "__main__":
    main()
