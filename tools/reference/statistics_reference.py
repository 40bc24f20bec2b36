"""Makes the fixture of Tests/StatisticsTests from SciPy and mpmath.

    python3 tools/reference/statistics_reference.py Tests/StatisticsTests/Fixtures/statistics.json
"""

import json
import platform
import sys

import mpmath
import numpy
import scipy
from scipy import special, stats

SEED = 7
mpmath.mp.dps = 40


def t_quantile(p, df):
    """SciPy's value polished to 40 digits by Newton's steps on mpmath's incomplete beta."""
    t = mpmath.mpf(float(stats.t.ppf(p, df)))
    df, p = mpmath.mpf(df), mpmath.mpf(p)
    for _ in range(4):
        tail = mpmath.betainc(df / 2, mpmath.mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2
        below = tail if t < 0 else 1 - tail
        density = mpmath.exp(-(df + 1) / 2 * mpmath.log1p(t * t / df)) / (
            mpmath.sqrt(df) * mpmath.beta(df / 2, mpmath.mpf(1) / 2))
        t -= (below - p) / density
    return float(t)


def beta_share(x, a, b):
    """I_x(a, b) to 40 digits, SciPy's double where mpmath's series does not converge."""
    try:
        return float(mpmath.betainc(a, b, 0, x, regularized=True))
    except mpmath.libmp.libhyper.NoConvergence:
        return float(special.betainc(a, b, x))


def clustered(values, clusters):
    """Mean, standard error and interval by the cluster-robust formula, written with matrices."""
    values = numpy.asarray(values, dtype=numpy.longdouble)
    design = numpy.asarray(clusters)[:, None] == numpy.unique(clusters)[None, :]
    count, n = design.shape[1], len(values)
    sums = design.T.astype(numpy.longdouble) @ (values - values.mean())
    error = float(numpy.sqrt(count / (count - 1) * (sums @ sums)) / n)
    low, high = stats.t.interval(0.95, count - 1, loc=float(values.mean()), scale=error)
    return [float(values.mean()), error, low, high]


def main():
    rng = numpy.random.default_rng(SEED)
    ps = [1e-12, 1e-6, 0.005, 0.025, 0.05, 0.3, 0.5, 0.7, 0.95, 0.975, 0.995, 0.999999]
    dfs = [1, 2, 3, 4, 5, 7.5, 10, 29, 100, 999, 40503, 214353, 1e7]
    t = [[p, df, t_quantile(p, df)] for df in dfs for p in ps]
    t_below = [[x, df, float(stats.t.cdf(x, df))]
               for df in (1, 3, 30, 40503) for x in (-40, -3, -0.1, 0, 0.5, 2, 8)]
    normal = [[p, float(mpmath.sqrt(2) * mpmath.erfinv(2 * mpmath.mpf(p) - 1))] for p in ps]
    shapes = [(0.5, 0.5), (1, 1), (2, 3), (0.5, 20251.5), (20251.5, 0.5), (30, 70), (1e6, 3),
              (0.01, 5), (1e5, 1.1e5)]
    beta = [[x, a, b, beta_share(x, a, b)]
            for a, b in shapes
            for x in (0.0, 1e-9, 0.01, 0.3, float(stats.beta.ppf(0.4, a, b)), 0.9, 0.999999, 1.0)]
    means = []
    for n in (2, 3, 10, 200):
        values = rng.choice([0.0, 0.3, 0.6, 0.9, 1.0], n)
        values[0], values[1] = 0.0, 0.9
        low, high = stats.t.interval(
            0.95, n - 1, loc=values.mean(), scale=stats.sem(values))
        means.append({"values": values.tolist(), "clusters": None, "expected": [
            float(values.mean()), float(stats.sem(values)), float(low), float(high)]})
        clusters = rng.integers(0, max(2, n // 3), n)
        clusters[0], clusters[1] = 0, 1
        means.append({"values": values.tolist(), "clusters": clusters.tolist(),
                      "expected": clustered(values, clusters)})
    made_by = {"script": "tools/reference/statistics_reference.py", "seed": SEED,
               "python": platform.python_version(), "scipy": scipy.__version__,
               "numpy": numpy.__version__, "mpmath": mpmath.__version__}
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump({"made_by": made_by, "t": t, "t_below": t_below, "normal": normal, "beta": beta,
                   "means": means}, file)
        file.write("\n")


if __name__ == "__main__":
    main()
