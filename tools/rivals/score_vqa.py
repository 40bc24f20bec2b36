#!/usr/bin/env python3
"""Times the official VQA evaluator as open-flamingo 2.0.1 ships it (eval/vqa_metric.py, run as it is).

    score_vqa.py --annotations v2_mscoco_val2014_annotations.json --predictions F.json [--rounds 3]

Predictions [{"question_id", "answer"}]; only predicted questions count. Prints one JSON object: the seconds of the
best round, reading and scoring, and the accuracy, 0 to 1. The variant is `vqa_accuracy_openflamingo`.
"""
import argparse
import contextlib
import json
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "reference"))
from vqa_reference import Questions, evaluator  # noqa: E402


def one_round(module, a):
    start = time.perf_counter()
    predicted = {row["question_id"]: row for row in json.load(open(a.predictions))}
    annotated = {row["question_id"]: row for row in json.load(open(a.annotations))["annotations"] if row["question_id"] in predicted}
    missing = [question for question in predicted if question not in annotated]
    if missing:
        raise SystemExit(f"no annotation for question {missing[0]} (and {len(missing) - 1} others)")
    read = time.perf_counter()
    evaluation = module.VQAEval(Questions(annotated), Questions(predicted), n=12)
    evaluation.evaluate()
    end = time.perf_counter()
    return {
        "seconds": end - start, "parts": {"read": read - start, "score": end - read}, "questions": len(predicted),
        "accuracy": evaluation.accuracy["overall"] / 100,
    }


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--annotations", required=True)
    arguments.add_argument("--predictions", required=True)
    arguments.add_argument("--rounds", type=int, default=3)
    a = arguments.parse_args()
    module = evaluator()
    with open(os.devnull, "w") as quiet, contextlib.redirect_stdout(quiet):
        rounds = [one_round(module, a) for _ in range(a.rounds)]
    print(json.dumps(min(rounds, key=lambda r: r["seconds"])))


if __name__ == "__main__":
    main()
