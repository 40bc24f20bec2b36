#!/usr/bin/env python3
"""Writes the prompts of a task as `infer` requests: make_requests.py --tool T --model M --data D --out F.

A task with candidates asks for their scores, another one for a text. --candidates N takes N of them; where the data have
fewer classes, first words of names are joined to last words of others, which keeps names about as long as they are.
"""
import argparse
import itertools
import json
import subprocess


def prompt(a, index):
    command = [a.tool, "tasks", "prompt", a.task, "--index", str(index), "--shots", str(a.shots), "--seed", str(a.seed), "--json"]
    command += ["--model", a.model] if a.model else []
    command += ["--data", a.data] if a.data else []
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def recombined(names):
    pairs = [name.split() for name in names if " " in name]
    seen = set(names)
    for first, last in itertools.product(pairs, pairs):
        name = f"{first[0]} {last[-1]}"
        if name not in seen:
            seen.add(name)
            yield name


def candidates(given, count):
    """The first `count` candidates, completed with names in the place of the first one's."""
    place = next(i for i, segment in enumerate(given[0]) if "text" in segment)
    more = recombined([segment["text"] for candidate in given for segment in candidate if "text" in segment])
    while len(given) < count:
        given = [*given, [*given[0][:place], {"text": next(more)}, *given[0][place + 1:]]]
    return given[:count]


def asked(a, p):
    if p.get("candidates"):
        return {"continuations": candidates(p["candidates"], a.candidates or len(p["candidates"]))}
    return {"generate": {"max_new_tokens": a.max_new_tokens, "stop": p["stop"]}}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("--tool", "idefics-eval"), ("--task", "vqav2"), ("--model", None), ("--data", None), ("--out", "requests.jsonl")):
        arguments.add_argument(name, default=default)
    for name, default in (("--shots", 8), ("--count", 192), ("--seed", 42), ("--max-new-tokens", 15), ("--candidates", None)):
        arguments.add_argument(name, type=int, default=default)
    a = arguments.parse_args()
    with open(a.out, "w") as f:
        for index in range(a.count):
            p = prompt(a, index)
            f.write(json.dumps({"id": p["id"], "prompt": p["segments"]} | asked(a, p)) + "\n")


if __name__ == "__main__":
    main()
