"""Makes the ranking and bias fixtures of Tests/ScoringTests from scikit-learn and mpmath.

    python3 -m venv /tmp/ranking && /tmp/ranking/bin/pip install scikit-learn==1.9.1 mpmath==1.3.0
    /tmp/ranking/bin/python tools/reference/ranking_reference.py GOLDEN_METRICS.json Tests/ScoringTests/Fixtures

GOLDEN_METRICS.json holds golden rows of several metrics; roc_auc, ndcg, winoground and tfidf_bias
are kept. NDCG of the VisDial challenge has no package: it is written here from its definition.
"""

import json
import math
import pathlib
import platform
import re
import sys
import unicodedata
import warnings

import mpmath
import numpy
import sklearn
from sklearn import metrics
from sklearn.feature_extraction.text import TfidfVectorizer

SEED = 20270115
mpmath.mp.dps = 40

WORDS = """he she they person works work software nurse teacher data design photo image the a in
is as and of dating profile marketing Manager CEO year2 x 42 don't co-worker snake_case
caf\u00e9 cafe\u0301 \u03a3\u039f\u03a6\u039f\u03a3 \u0130stanbul stra\u00dfe \u65e5\u672c\u8a9e \u0e44\u0e17\u0e22\u0e35 \u00bd\u00be
\u2167\u2168 \ud55c\uad6d \U0001d54f\U0001d550 \U0001f600ok \u0661\u0662 \u017fs \u00aa\u00ba""".split()


def roc_cases(rng):
    cases = []
    for count, decimals in ((2, 2), (3, 0), (17, 0), (60, 1), (500, 1), (500, 9)):
        labels = rng.permutation([0, 1] + rng.integers(0, 2, count - 2).tolist())
        scores = (rng.normal(size=count) + 0.5 * labels).round(decimals)
        cases.append({"labels": labels.tolist(), "scores": scores.tolist(),
                      "auc": float(metrics.roc_auc_score(labels, scores))})
    return cases


def challenge_gain(relevance, scores):
    """Ranks by descending score, equal ones by index; the first k of them, k = relevant options."""
    order = sorted(range(len(scores)), key=lambda option: (-scores[option], option))
    k = sum(value != 0 for value in relevance)

    def gain(options):
        return math.fsum(relevance[option] / math.log2(place + 2)
                         for place, option in enumerate(options[:k]))

    best = sorted(range(len(scores)), key=lambda option: -relevance[option])
    return gain(order) / gain(best)


def gain_cases(rng):
    cases = []
    for options, relevant, decimals in ((2, 1, 3), (5, 5, 0), (10, 3, 0), (100, 1, 1),
                                        (100, 7, 6), (100, 12, 0), (100, 100, 1)):
        relevance = numpy.zeros(options)
        relevance[rng.permutation(options)[:relevant]] = rng.choice([0.2, 0.4, 0.6, 0.8, 1.0],
                                                                    relevant)
        scores = (rng.normal(size=options) + relevance).round(decimals)
        cases.append({"relevance": relevance.tolist(), "scores": scores.tolist(),
                      "visdial_challenge": challenge_gain(relevance.tolist(), scores.tolist()),
                      "sklearn_full": float(metrics.ndcg_score([relevance], [scores]))})
    return cases


def candidate_cases(rng):
    """Log-likelihoods with -ln softmax of each, its entropy and the ranks."""
    cases = []
    for values in ([-3.0], [-1.5, -1.5], [0.0, -800.0], [-2000.25, -2001.5, -2000.25],
                   [-0.001, -45.0, -40.5], rng.normal(-12, 4, 5).tolist(),
                   rng.normal(-30, 1, 100).round(0).tolist()):
        powers = [mpmath.exp(mpmath.mpf(value)) for value in values]
        total = mpmath.fsum(powers)
        logs = [mpmath.log(power / total) for power in powers]
        order = sorted(range(len(values)), key=lambda index: (-values[index], index))
        cases.append({"log_likelihoods": values, "divergence": [float(-log) for log in logs],
                      "entropy": float(-mpmath.fsum(log * mpmath.exp(log) for log in logs)),
                      "order": order})
    return cases


def term_case(rng, count, words, groups):
    documents = [" ".join(rng.choice(WORDS, rng.integers(0, words))) + rng.choice([".", "!\r\n", ""])
                 for _ in range(count)]
    names = [groups[index % len(groups)] for index in rng.permutation(count)]
    vectorizer = TfidfVectorizer()
    weights = vectorizer.fit_transform(documents).toarray()
    means = numpy.array([weights[[name == group for name in names]].mean(axis=0)
                         for group in groups])
    terms = [{"term": term, "idf": float(vectorizer.idf_[index]),
              "means": means[:, index].tolist(),
              "variance": float(means[:, index].var())}
             for term, index in sorted(vectorizer.vocabulary_.items())]
    return {"documents": documents, "groups": names, "group_names": groups, "terms": terms}


def word_ranges():
    r"""First and last code point of each run that \w matches; unassigned ones join nothing."""
    ranges = []
    for value in range(sys.maxunicode + 1):
        if re.match(r"\w", chr(value)):
            if ranges and ranges[-1][1] == value - 1:
                ranges[-1][1] = value
            else:
                ranges.append([value, value])
    return ranges


def write(folder, name, content):
    with open(pathlib.Path(folder) / name, "w", encoding="utf-8") as file:
        json.dump(content, file)
        file.write("\n")


def main():
    golden, folder = sys.argv[1:]
    warnings.simplefilter("error")
    rng = numpy.random.default_rng(SEED)
    made_by = {"script": "tools/reference/ranking_reference.py", "seed": SEED,
               "python": platform.python_version(), "unicode": unicodedata.unidata_version,
               "scikit-learn": sklearn.__version__, "numpy": numpy.__version__,
               "mpmath": mpmath.__version__}
    with open(golden, encoding="utf-8") as file:
        rows = json.load(file)
    kept = {key: rows[key] for key in ("roc_auc", "ndcg", "winoground", "tfidf_bias")}
    write(folder, "ranking_golden.json", kept)
    write(folder, "ranking_oracle.json", {
        "made_by": made_by, "roc_auc": roc_cases(rng), "ndcg": gain_cases(rng),
        "candidates": candidate_cases(rng)})
    write(folder, "bias_oracle.json", {
        "made_by": made_by,
        "tables": [term_case(rng, 40, 15, ["man", "woman", "non-binary"]),
                   term_case(rng, 60, 12, [f"group {index}" for index in range(14)]),
                   term_case(rng, 25, 30, ["caf\u00e9", "cafe\u0301"])],
        "word_ranges": word_ranges()})


if __name__ == "__main__":
    main()
