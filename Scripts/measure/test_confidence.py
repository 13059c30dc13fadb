"""confidence's figures against plain definitions."""

import itertools
import random

import pytest

pytest.importorskip("matplotlib")
from measure.confidence import Result, area, bins, calibration_error, interval  # noqa: E402


def naive_area(scores: list[float], is_right: list[bool]) -> float:
    """Averaged over all orders in which surer answers come first."""
    pairs = list(zip(scores, is_right, strict=True))
    orders = [
        order
        for order in itertools.permutations(pairs)
        if all(a[0] >= b[0] for a, b in itertools.pairwise(order))
    ]
    areas = [
        sum(
            sum(not right for _, right in order[:k]) / k for k in range(1, len(order) + 1)
        ) / len(order)
        for order in orders
    ]
    return sum(areas) / len(areas)


@pytest.mark.parametrize("seed", range(20))
def test_area(seed: int) -> None:
    rng = random.Random(seed)
    scores = [rng.choice([0.1, 0.5, 0.9]) for _ in range(6)]
    is_right = [rng.random() < 0.5 for _ in scores]
    assert area(scores, is_right) == pytest.approx(naive_area(scores, is_right))


def test_area_of_extremes() -> None:
    assert area([0.9, 0.1], [True, False]) == 0.25
    assert area([0.1, 0.9], [True, False]) == 0.75
    assert area([0.5, 0.5], [True, False]) == 0.5


def test_calibration() -> None:
    results = [Result(c, c, r) for c, r in [(1.0, True), (0.95, False), (0.25, False), (0.2, True)]]
    assert [len(step) for step in bins(results)] == [2, 2]
    assert calibration_error(results) == pytest.approx((0.95 + 0.55) / 4)


def test_interval() -> None:
    assert interval(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)  # published example
