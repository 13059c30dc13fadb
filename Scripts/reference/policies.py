#!/usr/bin/env python3
"""The selection policies in numpy, after their papers and published code, and vectors made by them.

  python3 Scripts/reference/policies.py Tests/FlexVLMTests/Fixtures/policies

Written from the descriptions, not from the engine, so that the two check each other. Ties go to
the lower index everywhere.
"""

import argparse
import json
import math
from pathlib import Path

import numpy as np


def falling(values: np.ndarray) -> np.ndarray:
    """Indices from the highest value to the lowest."""
    return np.argsort(-values, kind="stable")


# ---- flex-fixed, centre, random


def pooled(map: np.ndarray, cells: int) -> np.ndarray:
    """Adaptive max-pooling of a square map to cells."""
    n = len(map)
    bins = [slice(i * n // cells, -(-(i + 1) * n // cells)) for i in range(cells)]
    return np.array([[map[rows, columns].max() for columns in bins] for rows in bins])


def best_cells(map: np.ndarray, cells: int, budget: float) -> list[int]:
    count = max(1, math.floor(budget * cells * cells + 0.5))
    return sorted(falling(pooled(map, cells).ravel())[:count].tolist())


def central_cells(cells: int, budget: float) -> list[int]:
    count = max(1, math.floor(budget * cells * cells + 0.5))
    middle = (cells - 1) / 2
    y, x = np.mgrid[:cells, :cells]
    return sorted(falling(-((y - middle) ** 2 + (x - middle) ** 2).ravel())[:count].tolist())


def split_mix(seed: int, count: int) -> list[int]:
    """SplitMix64."""
    mask, state, out = 2**64 - 1, seed, []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        out.append(z ^ (z >> 31))
    return out


def random_cells(seed: int, position: int, layer: int, cells: int, probability: float) -> list[int]:
    start = seed ^ (position << 32) ^ (layer << 20)
    draws = [value >> 40 for value in split_mix(start, cells * cells)]
    return [cell for cell, draw in enumerate(draws) if draw / 2**24 < np.float32(probability)]


# ---- HiRED (arXiv 2408.10945)


def hired_allocation(
    low: np.ndarray, side: int, tokens: int, budget: float, code: bool
) -> list[int]:
    """Tokens of each of side x side crops, from the low view's first-layer class attention."""
    n, crops = math.isqrt(len(low)), side * side
    total = math.floor((len(low) + crops * tokens) * budget)
    high = min(total - min(math.floor(0.5 * total), len(low)), crops * tokens)
    share = np.zeros(crops)
    if code:  # commit 502d6dd: best tokens counted in bands of the flat vector
        for patch in falling(low)[: math.floor(len(low) * 0.5)]:
            share[patch * crops // len(low)] += 1
    else:
        for patch, value in enumerate(low.astype(np.float64)):
            row, column = divmod(patch, n)
            crop_row, crop_column = ((v + 0.5) * side // n for v in (row, column))
            share[int(crop_row) * side + int(crop_column)] += value
    return [min(math.floor(high * s / share.sum()), tokens) for s in share]


def hired(
    low: np.ndarray, crops: np.ndarray, side: int, budget: float, code: bool
) -> list[list[int]]:
    counts = hired_allocation(low, side, crops.shape[1], budget, code)
    return [sorted(falling(crop)[:n].tolist()) for crop, n in zip(crops, counts, strict=True)]


# ---- PruMerge and PruMerge+ (arXiv 2403.15388)


def prumerge_kept(attention: np.ndarray, plus: bool) -> list[int]:
    first, third = np.percentile(attention, [25, 75])
    ratio = max(1, (attention > third + 1.5 * (third - first)).sum()) / len(attention)
    kept = falling(attention)[: max(1, int(len(attention) * ratio))].tolist()
    if plus:
        step = max(1, int(int(1 / ratio) / 3))
        kept += [i for i in range(0, len(attention) - 1, step) if i not in kept]
    return kept


def prumerge(x: np.ndarray, keys: np.ndarray, attention: np.ndarray, plus: bool) -> np.ndarray:
    kept = prumerge_kept(attention, plus)
    unit = keys / np.linalg.norm(keys, axis=1, keepdims=True)
    rows = []
    for i in kept:
        similarity = unit @ unit[i]
        similarity[i] = -np.inf
        near = falling(similarity)[: min(32, len(x) - 1)]
        rows.append(x[i] + attention[near] @ x[near])
    pruned = [i for i in range(len(x)) if i not in kept]
    return np.array([*rows, attention[pruned] @ x[pruned]])


# ---- TidalDecode (arXiv 2410.05076)


def tidal_layers(first: int, count: int) -> list[int]:
    """First layer that sees high-resolution keys, and the one half way to the last."""
    return sorted({first, first + (count - first) // 2})


def tidal(scores: np.ndarray, keep: int) -> list[list[int]]:
    return [sorted(falling(head)[:keep].tolist()) for head in scores]


# ---- vectors


def rounded(values: np.ndarray) -> list:
    return np.round(values.astype(np.float64), 5).tolist()


def vectors(random: np.random.Generator) -> dict[str, list]:
    """Cases of every policy; inputs are rounded, so that both sides read the same numbers."""

    def attention(*shape: int, peaks: float = 2.0) -> np.ndarray:
        weights = np.exp(peaks * random.standard_normal(shape))
        return np.round(weights / weights.sum(-1, keepdims=True), 5)

    cells = []
    for n, side, budget in [(24, 9, 0.1), (16, 8, 0.1), (9, 9, 0.5), (10, 9, 0.001), (13, 9, 1)]:
        map = np.round(random.random((n, n)), 3)
        cells.append(
            dict(grid=n, cells=side, budget=budget, map=map.ravel().tolist(),
                 best=best_cells(map, side, budget), central=central_cells(side, budget))
        )
    draws = [
        dict(seed=seed, position=position, layer=layer, cells=side, probability=p,
             selected=random_cells(seed, position, layer, side, p))
        for seed, position, layer, side, p in
        [(0, 634, 8, 8, 0.1), (0, 634, 9, 9, 0.1), (0, 635, 9, 9, 0.1), (7, 0, 1, 8, 0.5)]
    ]
    shares = []
    for n, side, tokens, budget in [
        (6, 3, 36, 0.2), (6, 3, 36, 0.05), (6, 3, 36, 1), (8, 2, 64, 0.2), (5, 3, 25, 0.3),
        (4, 1, 9, 0.4),
    ]:
        low, crops = attention(n * n), attention(side * side, tokens)
        for code in (False, True):
            shares.append(
                dict(cropsPerSide=side, budget=budget, isCompatible=code, low=low.tolist(),
                     crops=crops.tolist(),
                     allocation=hired_allocation(low, side, tokens, budget, code),
                     kept=hired(low, crops, side, budget, code))
            )
    merges = []
    for n, width, peaks in [(64, 6, 2.0), (64, 6, 0.0), (25, 4, 1.5), (100, 5, 1.0)]:
        x, keys = (np.round(random.standard_normal((n, width)), 3) for _ in range(2))
        weights = attention(n, peaks=peaks)
        for plus in (False, True):
            merges.append(
                dict(plus=plus, width=width, features=x.ravel().tolist(),
                     keys=keys.ravel().tolist(), attention=weights.tolist(),
                     kept=prumerge_kept(weights, plus),
                     merged=rounded(prumerge(x, keys, weights, plus)))
            )
    persistent = []
    for heads, ordinary, high, keep in [(3, 20, 36, 8), (2, 5, 16, 1), (1, 4, 9, 50)]:
        scores = np.round(2 * random.standard_normal((heads, ordinary + high)), 2)
        persistent.append(
            dict(ordinary=ordinary, keep=keep, scores=scores.tolist(), kept=tidal(scores, keep))
        )
    layers = [
        dict(first=first, count=count, selecting=tidal_layers(first, count))
        for first, count in [(9, 32), (9, 40), (2, 6), (9, 11), (9, 10), (5, 5)]
    ]
    return dict(cells=cells, random=draws, hired=shares, prumerge=merges, tidal=persistent,
                tidalLayers=layers)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the vectors go")
    folder = parser.parse_args().folder
    if not folder.is_dir():
        parser.error(f"there is no folder '{folder}'")
    for name, cases in vectors(np.random.default_rng(5)).items():
        text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
        (folder / f"{name}.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
