"""Makes the VQA fixtures of Tests/ScoringTests from a released evaluator.

The oracle is the evaluator class inside the PyPI package open-flamingo, run as it is:

    python3 -m venv /tmp/vqa && /tmp/vqa/bin/pip install --no-deps open-flamingo==2.0.1
    /tmp/vqa/bin/python tools/reference/vqa_reference.py GOLDEN_METRICS.json Tests/ScoringTests/Fixtures

It always normalises and leaves references out by equality of records. The two other variants
are made from it without touching its arithmetic: unique answer ids turn equality of records
into position; for the official variant the two text functions become the identity where the
clean references are all identical, as the GT-Vision-Lab script skips them there.

GOLDEN_METRICS.json holds golden rows of several metrics; the VQA ones are kept.
"""

import copy
import importlib.metadata
import importlib.util
import json
import pathlib
import platform
import random
import sys
import unicodedata

PACKAGE = "open-flamingo"
SEED = 20260801
TEXTS = 2500
QUESTIONS = 900


def evaluator():
    """The module with the released evaluator, loaded without the package's heavy imports."""
    files = importlib.metadata.files(PACKAGE)
    path = next(f.locate() for f in files if f.name == "vqa_metric.py")
    spec = importlib.util.spec_from_file_location("vqa_metric", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Questions:
    """What the evaluator asks of an annotation file or of a result file."""

    def __init__(self, qa):
        self.qa = qa

    def getQuesIds(self):
        return list(self.qa)


def accuracies(module, answers, prediction):
    """The three variants for one question."""
    def run(answers, raw):
        truth = {1: {"answers": copy.deepcopy(answers), "question_type": "q", "answer_type": "a"}}
        evaluation = module.VQAEval(
            Questions(truth), Questions({1: {"answer": prediction}}), n=12)
        evaluation.updateProgress = lambda progress: None
        if raw:
            evaluation.processPunctuation = lambda text: text
            evaluation.processDigitArticle = lambda text: text
        stdout, sys.stdout = sys.stdout, open("/dev/null", "w")
        try:
            evaluation.evaluate()
        finally:
            sys.stdout = stdout
        return evaluation.accuracy["overall"] / 100

    numbered = [dict(a, answer_id=-1 - i) for i, a in enumerate(answers)]
    clean = {a["answer"].replace("\n", " ").replace("\t", " ").strip() for a in answers}
    return {
        "vqa_accuracy": run(numbered, False),
        "vqa_accuracy_official": run(answers, len(clean) == 1),
        "vqa_accuracy_openflamingo": run(answers, False),
    }


WORDS = """yes no a an the A The none zero One two ten dont Im somebody'd let's she's oclock ow's'at
'tis 1,000 3.5 .5 5. U.S.A. ... red/white t-shirt wi-fi 10:30 50% $5 C++ @home `tick` caf\u00e9
cafe\u0301 \u0130stanbul STRASSE stra\u00dfe \u039f\u0394\u039f\u03a3 \u03a3 \u03a3\u03a3
\u0391\u03a3\u0301 \u0391\u03a3. \u0391'\u03a3'\u0391 \u0661,\u0662 .\u0663 \u2168 \U0001d7d8,\U0001d7d9 \u01c5 \ufb01 \u212a \u212b
\U00010400 \u3000 \u200b \u0085 \x1f \x1c \x00 \ufeff \u2028 \xa0 \u1680 \u180e \u202f \U0001f600 e\u0301\u0327 \u0345
\u10a0 \u13a0 \u1e9e \u1c90 \u2c2f""".split()
MARKS = list(';/[]"{}()=+\\_-><@`,?!.\':%$&*#|~^') + [" ", "  ", "\n", "\t", "\r\n", "\x0b", "\xa0"]


def hostile(rng):
    """A text of words, marks and arbitrary scalars."""
    parts = []
    for _ in range(rng.randrange(1, 9)):
        kind = rng.random()
        if kind < 0.45:
            parts.append(rng.choice(WORDS))
        elif kind < 0.85:
            parts.append(rng.choice(MARKS))
        elif kind < 0.95:
            parts.append(rng.choice("0123456789,."))
        else:
            scalar = chr(rng.choice([rng.randrange(0x250), rng.randrange(0x3000),
                                     rng.randrange(0x10000, 0x1f000)]))
            if unicodedata.category(scalar) not in ("Cs", "Cn"):
                parts.append(scalar)
    if rng.random() < 0.02:
        parts.append("." * rng.randrange(30, 40))
    return "".join(parts)


def question(rng):
    """References with many equal ones, and a prediction near one of them."""
    pool = [hostile(rng) for _ in range(rng.randrange(1, 4))]
    pool += [rng.choice([p.upper(), p + ".", " " + p, p]) for p in pool]
    answers = []
    for index in range(rng.choice([2, 3, 5, 10, 10, 10, 13])):
        answer = {"answer": rng.choice(pool if rng.random() < 0.9 else WORDS)}
        if rng.random() < 0.8:
            answer["answer_confidence"] = rng.choice(["yes", "maybe", "no"])
        if rng.random() < 0.5:
            answer["answer_id"] = rng.choice([index, rng.randrange(4)])
        answers.append(answer)
    if rng.random() < 0.2:
        answers = [dict(a, answer=answers[0]["answer"]) for a in answers]
    prediction = rng.choice(pool) if rng.random() < 0.9 else hostile(rng)
    return answers, prediction


def main():
    golden, target = sys.argv[1], pathlib.Path(sys.argv[2])
    module = evaluator()
    rng = random.Random(SEED)
    text_functions = module.VQAEval(None, None)
    texts = []
    for _ in range(TEXTS):
        text = hostile(rng)
        clean = text.replace("\n", " ").replace("\t", " ").strip()
        plain = text_functions.processPunctuation(clean)
        texts.append([text, plain, text_functions.processDigitArticle(plain)])
    questions = []
    for _ in range(QUESTIONS):
        answers, prediction = question(rng)
        expected = accuracies(module, answers, prediction)
        questions.append({"answers": answers, "prediction": prediction, "expected": expected})
    generations = [hostile(rng) + rng.choice(["", ", ", "Question", "Answer", "Short", "\nShort a, b"])
                   + hostile(rng) for _ in range(200)]
    made_by = {
        "script": "tools/reference/vqa_reference.py", "seed": SEED,
        "oracle": f"{PACKAGE} {importlib.metadata.version(PACKAGE)}",
        "python": platform.python_version(), "unicode": unicodedata.unidata_version,
    }
    write(target / "vqa_oracle.json", {
        "made_by": made_by, "texts": texts, "questions": questions,
        "clean_ups": [[g, module.postprocess_vqa_generation(g)] for g in generations],
    })
    rows = json.load(open(golden, encoding="utf-8"))
    write(target / "vqa_golden.json", {k: v for k, v in rows.items() if k.startswith("vqa_")})


def write(path, value):
    path.write_text(json.dumps(value, indent=None, separators=(",", ":")) + "\n", encoding="utf-8")
    print(path, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
