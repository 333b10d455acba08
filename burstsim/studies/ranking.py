"""Choosing the best of a few designs with a guarantee: constants and the procedure of KN.

Kim and Nelson, "A fully sequential procedure for indifference-zone selection in simulation",
*ACM Transactions on Modeling and Computer Simulation* 11 (2001), 251-273: with probability of at
least 1 - alpha the chosen design is the best, whenever the best is better than all others by at
least delta. Rinott, "On two-stage selection procedures and related probability inequalities",
*Communications in Statistics* A7 (1978), 799-811.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from burstsim.kernels.arrays import Floats

__all__ = ["kn_constants", "rinott_constant", "select_best"]


def kn_constants(designs: int, first: int, alpha: float = 0.05) -> tuple[float, float]:
    """Give eta and h squared of the procedure of Kim and Nelson, with c = 1.

    Parameters
    ----------
    designs
        How many are compared, at least 2.
    first
        Replications of each before the first is dropped, at least 2.
    alpha
        Probability of a wrong choice.

    Examples
    --------
    >>> eta, h2 = kn_constants(5, 10)
    >>> round(eta, 6), round(h2, 5)
    (0.634967, 11.42941)
    """
    eta = ((2 * alpha / (designs - 1)) ** (-2 / (first - 1)) - 1) / 2
    return eta, 2 * eta * (first - 1)


def rinott_constant(designs: int, first: int, confidence: float = 0.95) -> float:
    """Give h of Rinott's two-stage procedure, by its integral.

    Each of `designs` needs ``ceil((h * deviation / delta) ** 2)`` replications; KN, which stops
    early, should need no more than that.

    Parameters
    ----------
    designs
        How many are compared, at least 2.
    first
        Replications of the first stage.
    confidence
        Probability of a right choice.
    """
    from scipy import optimize, stats

    # Gauss-Legendre over the middle of two chi-square variables; their tails weigh < 1e-12
    freedom = first - 1
    nodes, weights = np.polynomial.legendre.leggauss(96)
    low, high = stats.chi2.ppf(1e-13, freedom), stats.chi2.isf(1e-13, freedom)
    x = (high - low) / 2 * nodes + (high + low) / 2
    mass = weights * (high - low) / 2 * stats.chi2.pdf(x, freedom)
    spread = np.sqrt(freedom * (1 / x[:, None] + 1 / x[None, :]))

    def right(h: float) -> float:
        inner = stats.norm.cdf(h / spread) @ mass
        return float(inner ** (designs - 1) @ mass) - confidence

    return float(optimize.brentq(right, 0, 50, xtol=1e-10))


def select_best(
    sample: Callable[[int, int], Sequence[float]],
    designs: int,
    delta: float,
    *,
    first: int = 10,
    most: int = 1000,
    alpha: float = 0.05,
) -> tuple[int, int]:
    """Choose the design with the largest mean.

    Parameters
    ----------
    sample
        ``sample(design, count)`` gives the design's values in replications 0 to ``count - 1``;
        those of one replication may share their random numbers.
    designs
        How many there are.
    delta
        Difference too small to matter, above 0.
    first
        Replications of each before the first is dropped.
    most
        Replications at which the largest mean is taken, without the guarantee.
    alpha
        Probability of a wrong choice.

    Returns
    -------
    (int, int)
        The design, and the replications that it took.
    """
    alive = list(range(designs))
    if designs == 1:
        return 0, 0
    _, h2 = kn_constants(designs, first, alpha)
    values = np.array([sample(design, first)[:first] for design in alive], np.float64)
    spread = _differences(values)
    count = first
    while len(alive) > 1 and count < most:
        means = values.mean(axis=1)
        slack = np.maximum(0.0, delta / (2 * count) * (h2 * spread / delta**2 - count))
        kept = [
            i
            for i in range(len(alive))
            if all(means[i] >= means[j] - slack[i, j] for j in range(len(alive)) if j != i)
        ]
        alive = [alive[i] for i in kept]
        values, spread = values[kept], spread[np.ix_(kept, kept)]
        if len(alive) > 1:
            count += 1
            more = [[sample(design, count)[count - 1]] for design in alive]
            values = np.hstack((values, more))
    return alive[int(values.mean(axis=1).argmax())], count


def _differences(values: Floats) -> Floats:
    """Variance of the difference of each two rows."""
    found: Floats = (values[:, None, :] - values[None, :, :]).var(axis=2, ddof=1)
    return found
