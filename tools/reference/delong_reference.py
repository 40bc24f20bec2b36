#!/usr/bin/env python3
"""Writes vectors of the paired DeLong test by an implementation that is not ours: MLstatkit 0.1.91 (PyPI).

    pip install MLstatkit==0.1.91
    delong_reference.py > Tests/StatisticsTests/Fixtures/delong_paired.json

Scores with and without ties, classes even and uneven, small and large differences. Each case: classes, both lists of
scores, both areas, z (first minus second) and two-sided p.
"""
import importlib.metadata
import json

import numpy
from MLstatkit import Delong_test


def case(random, count, share, shift, digits):
    classes = (random.random(count) < share).astype(int)
    first = random.normal(size=count) + 0.8 * classes
    second = 0.6 * first + 0.4 * random.normal(size=count) + shift * classes
    if digits is not None:
        first, second = first.round(digits), second.round(digits)
    z, p, area, other = Delong_test(classes, first, second, return_ci=False, return_auc=True)
    return {"classes": classes.tolist(), "first": first.tolist(), "second": second.tolist(),
            "first_area": area, "second_area": other, "z": z, "p": p}


def main():
    random = numpy.random.default_rng(20261123)
    cases = [case(random, count, share, shift, digits)
             for count in (20, 100, 300) for share in (0.5, 0.2) for shift in (0.0, -0.5) for digits in (None, 1)]
    print(json.dumps({"made_by": f"MLstatkit {importlib.metadata.version('MLstatkit')}", "cases": cases}))


if __name__ == "__main__":
    main()
