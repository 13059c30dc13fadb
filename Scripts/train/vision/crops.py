"""Crops of pages with their dense targets: the data of stage 1."""

import random

import numpy as np
import torch
from PIL import Image
from torch.utils.data import Dataset

from pages.page import Wear, page, wear
from pages.records import Store
from runs.run import eased, phase_at
from vision.targets import crop, dense_targets


class Crops(Dataset):
    """Item `step` is a batch of crops: a pure function of the configuration, the store, the seed and
    the step. The last crop of every page is of its low view.

    Four patches of five are blank. A step draws either whole crops or, of each crop, the `tokens`
    patches with most on them and some blanks: three times as many pages for the same work."""

    def __init__(self, config: dict, store: str, match: str, seed: int, worn: bool = True, clear: float = 0.0):
        geometry = config["geometry"]
        self.store, self.worn, self.clear = Store(store, match), worn, clear
        self.seed, self.patch, self.zoom = seed, geometry["patch"], geometry["zoom"]
        self.grid = geometry["low"] // geometry["patch"]
        self.ease, self.phases = config["pretrain"]["ease"], config["pretrain"]["phases"]

    def __len__(self):
        return 1 << 40

    def __getitem__(self, step: int):
        """Returns patches [n, t, 3*p*p] uint8, targets {name: [n*t, k]} and places [n, t], the
        patches' rows of the position grid."""
        rng, phase = np.random.default_rng([self.seed, step]), phase_at(self.phases, step)
        side, whole = self.grid * self.zoom * self.patch, rng.random() < phase["whole"]
        tokens = self.grid**2 if whole else phase["tokens"]
        pages = max(1, round(phase["pages"] * phase["tokens"] / tokens))
        found = []
        if step % 64 == 0:
            self.store.refresh()
        for i in range(pages):
            chance = random.Random(f"{self.seed}/{step}/{i}")
            record = self.store.pick(chance)
            worn = wear(chance, record, eased(self.ease, step)) if self.worn else Wear()
            one = page(record, side, worn, step)
            low = np.asarray(Image.fromarray(one.pixels).resize((side // self.zoom,) * 2, Image.BILINEAR))
            views = (self.grid * self.zoom, one.pixels, phase["crops"]), (self.grid, low, 1)
            for grid, image, count in views:
                dense = dense_targets(one, grid, clear=self.clear)
                raster = image.reshape(grid, self.patch, grid, self.patch, 3).transpose(0, 2, 4, 1, 3)
                drawn = contrast(image, grid) > 12
                corners = tiles(dense, grid, self.grid, count, rng)
                found += [self.sample(raster, drawn, dense, r, c, tokens, rng) for r, c in corners]
        patches, targets, places = zip(*found)
        batch = {k: torch.from_numpy(np.concatenate([t[k] for t in targets])) for k in targets[0]}
        return torch.from_numpy(np.stack(patches)), batch, torch.from_numpy(np.stack(places))

    def sample(self, raster, drawn, dense, row: int, column: int, tokens: int, rng):
        """`tokens` patches of a view's crop, their targets and their places."""
        rows, columns = (slice(at, at + self.grid) for at in (row, column))
        text = dense["role"][rows, columns, 0] != 0
        chosen = np.arange(self.grid**2)
        if tokens < len(chosen):
            chosen = busiest(drawn[rows, columns], text, tokens, rng)
        top, end = chosen[0] // self.grid, chosen[-1] // self.grid + 1
        asked = crop(dense, slice(row + top, row + end), columns)
        at = chosen - top * self.grid
        targets = {k: v.reshape(-1, v.shape[2])[at] for k, v in asked.items()}
        patches = raster[row + chosen // self.grid, column + chosen % self.grid]
        return patches.reshape(len(chosen), -1), targets, chosen


def contrast(image, grid: int):
    """Of every patch of an image, how far its green values are apart: [grid, grid]."""
    bands = image[..., 1].reshape(grid, -1, image.shape[1])  # rows first: these are quick to reduce
    high, low = (f(bands, axis=1).reshape(grid, grid, -1) for f in (np.max, np.min))
    return high.max(2).astype(int) - low.min(2)


def tiles(dense, grid: int, size: int, count: int, rng) -> list[tuple[int, int]]:
    """Corners of the tiles with most on them, of a tiling laid at random."""
    busy = (dense["role"][..., 0] != 0) + 3.0 * (dense["shape"][..., 0] > 0)
    spare = 0 if grid == size else size - 1
    top, left = rng.integers(0, spare + 1, 2)
    ends = grid - size + 1
    corners = [(r, c) for r in range(top, ends, size) for c in range(left, ends, size)]
    score = [busy[r : r + size, c : c + size].sum() + rng.uniform(0, 40) for r, c in corners]
    return [corners[k] for k in np.argsort(score)[::-1][:count]]


def busiest(drawn, text, count: int, rng) -> np.ndarray:
    """Sorted indices of `count` of a crop's patches: text first (where `text` [g, g] is dense, of a
    band of rows that holds no more of it), then what is `drawn` [g, g], mixed with blanks."""
    grid = len(text)
    total = np.concatenate([[0], text.sum(1).cumsum()])
    fewest = -(-count // grid)
    top = rng.integers(0, grid - fewest + 1)
    while top > 0 and total[-1] - total[top] < count // 2:
        top -= 1
    end = top + fewest
    while end < grid and total[end + 1] - total[top] <= count * 3 // 4:
        end += 1
    score = 2.0 * text.ravel() + drawn.ravel() + rng.uniform(0, 1.3, grid * grid)
    band = slice(top * grid, end * grid)
    return np.sort(np.argsort(score[band])[::-1][:count]) + band.start
