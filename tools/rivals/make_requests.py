#!/usr/bin/env python3
"""Writes the prompts of a task as `infer` requests: make_requests.py --tool T --model M --data D --out F."""
import argparse
import json
import subprocess


def prompt(a, index):
    command = [a.tool, "tasks", "prompt", a.task, "--index", str(index), "--shots", str(a.shots), "--seed", str(a.seed), "--json"]
    command += ["--model", a.model] if a.model else []
    command += ["--data", a.data] if a.data else []
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    for name, default in (("--tool", "idefics-eval"), ("--task", "vqav2"), ("--model", None), ("--data", None), ("--out", "requests.jsonl")):
        arguments.add_argument(name, default=default)
    for name, default in (("--shots", 8), ("--count", 192), ("--seed", 42), ("--max-new-tokens", 15)):
        arguments.add_argument(name, type=int, default=default)
    a = arguments.parse_args()
    with open(a.out, "w") as f:
        for index in range(a.count):
            p = prompt(a, index)
            generate = {"max_new_tokens": a.max_new_tokens, "stop": p["stop"]}
            f.write(json.dumps({"id": p["id"], "prompt": p["segments"], "generate": generate}) + "\n")


if __name__ == "__main__":
    main()
