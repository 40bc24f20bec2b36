"""Writes what statsmodels' power analysis says, for Tests/StatisticsTests.

    python3 tools/reference/power_reference.py Tests/StatisticsTests/Fixtures/power.json

needs statsmodels. The effect size that a two-sided normal test finds with a given power: of two
samples of equal size, and of one sample of differences (ratio 0).
"""

import importlib.metadata
import json
import math
import platform
import sys

from statsmodels.stats.power import NormalIndPower, normal_power
from scipy.optimize import brentq


def effect(count, significance, power, ratio):
    """The effect size in standard deviations, refined beyond the solver's own tolerance."""
    test = NormalIndPower()
    start = test.solve_power(effect_size=None, nobs1=count, alpha=significance, power=power,
                             ratio=ratio, alternative="two-sided")
    sigma = 1.0
    size = count if ratio == 0 else count / 2
    exact = brentq(lambda e: normal_power(e, size, significance, sigma=sigma) - power,
                   start * 0.9, start * 1.1, xtol=1e-15, rtol=1e-14)
    assert math.isclose(start, exact, abs_tol=1e-4), (start, exact)
    return float(exact)


def main():
    independent, paired = [], []
    for significance, power in ((0.05, 0.8), (0.01, 0.9), (0.1, 0.5), (0.2, 0.21), (0.05, 0.999)):
        for count in (2, 30, 400, 5046, 214354):
            independent.append([significance, power, count,
                                effect(count, significance, power, 1.0)])
            paired.append([significance, power, count, effect(count, significance, power, 0)])
    made_by = {"script": "tools/reference/power_reference.py", "python": platform.python_version(),
               "statsmodels": importlib.metadata.version("statsmodels"),
               "scipy": importlib.metadata.version("scipy")}
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump({"made_by": made_by, "independent": independent, "paired": paired}, file)
        file.write("\n")


if __name__ == "__main__":
    main()
