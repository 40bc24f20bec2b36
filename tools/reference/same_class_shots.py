"""How often shots are of the query's class, in stored runs of a class-folder task.

    idefics-eval samples RUN --json > samples.jsonl
    python3 tools/reference/same_class_shots.py --data DATA/imagenet --per-class 5 samples.jsonl

Prints for each file: queries, shots per query, the share of shots of the query's class, the share of
queries with at least one such shot, and what drawing the shots at random from the same support set
would give on average. The support set is taken to have the same number of pictures in every class.
"""

import argparse
import json
import math
from pathlib import Path


def classes_by_stem(folder: Path) -> dict[str, str]:
    """Class folder of every picture below `train` and `val`, by file stem."""
    return {
        file.stem: file.parent.name
        for split in ("train", "val")
        for file in sorted((folder / split).glob("*/*"))
    }


def chance(members: int, same: int, shots: int) -> tuple[float, float]:
    """Expected share of same-class shots, and the probability of at least one (hypergeometric)."""
    none = math.comb(members - same, shots) / math.comb(members, shots)
    return same / members, 1 - none


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--per-class", type=int, required=True, help="support pictures per class")
    parser.add_argument("samples", type=Path, nargs="+")
    arguments = parser.parse_args()
    classes = classes_by_stem(arguments.data)
    class_count = len({folder.name for folder in (arguments.data / "train").iterdir()})
    for path in arguments.samples:
        rows = [json.loads(line) for line in path.open()]
        hits = [[classes[shot] == classes[row["id"]] for shot in row["shots"]] for row in rows]
        shots = len(hits[0])
        per_class = arguments.per_class
        expected = chance(class_count * per_class, per_class, shots)
        share = sum(map(sum, hits)) / (len(hits) * shots)
        found = sum(map(any, hits)) / len(hits)
        print(
            f"{path.name}: {len(rows)} queries, {shots} shots, same class {share:.1%} of shots "
            f"(chance {expected[0]:.1%}), {found:.1%} of queries have one (chance {expected[1]:.1%})"
        )


if __name__ == "__main__":
    main()
