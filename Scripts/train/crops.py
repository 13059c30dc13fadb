"""Crops of generated pages with their dense targets: the data of stage 1."""

import numpy as np
import torch
from torch.utils.data import Dataset

from dense_targets import crop, dense_targets
from model import unfold
from pages.compose import page
from runs import eased, phase_at
from views import shrink


class Crops(Dataset):
    """Item `step` is a batch of crops: a pure function of the configuration, the seed and the step.
    The last crop of every page is of its low view.

    Four patches of five are blank. A step draws either whole crops or, of each crop, the `tokens`
    patches with most on them and some blanks: three times as many pages for the same work."""

    def __init__(self, config: dict, seed: int):
        geometry = config["geometry"]
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
        for i in range(pages):
            number = step * 1000 + i
            one = page(self.seed, number, side, 1.0, eased(self.ease, step), phase["full"])
            high = torch.from_numpy(one.pixels.copy())
            views = (self.grid * self.zoom, high, phase["crops"]), (self.grid, self.low(high), 1)
            for grid, image, count in views:
                dense = dense_targets(one, grid)
                raster = unfold(image[None], self.patch).view(grid, grid, -1)
                corners = tiles(dense, grid, self.grid, count, rng)
                found += [self.sample(raster, dense, r, c, tokens, rng) for r, c in corners]
        patches, targets, places = zip(*found)
        batch = {k: torch.from_numpy(np.concatenate([t[k] for t in targets])) for k in targets[0]}
        return torch.stack(patches), batch, torch.stack(places)

    def sample(self, raster, dense, row: int, column: int, tokens: int, rng):
        """`tokens` patches of a view's crop, their targets and their places."""
        rows, columns = (slice(at, at + self.grid) for at in (row, column))
        patches = raster[rows, columns].flatten(0, 1)
        text = dense["role"][rows, columns, 0] != 0
        chosen = np.arange(tokens)
        if tokens < len(patches):
            chosen = busiest(patches, text, tokens, rng)
        top, end = chosen[0] // self.grid, chosen[-1] // self.grid + 1
        asked = crop(dense, slice(row + top, row + end), columns)
        at = chosen - top * self.grid
        targets = {k: v.reshape(-1, v.shape[2])[at] for k, v in asked.items()}
        return patches[chosen], targets, torch.from_numpy(chosen)

    def low(self, image):
        """The low view of a page, in bytes."""
        return shrink(image[None], self.grid * self.patch)[0].round().clamp(0, 255).byte()


def tiles(dense, grid: int, size: int, count: int, rng) -> list[tuple[int, int]]:
    """Corners of the tiles with most on them, of a tiling laid at random."""
    busy = (dense["role"][..., 0] != 0) + 3.0 * (dense["shape"][..., 0] > 0)
    spare = 0 if grid == size else size - 1
    top, left = rng.integers(0, spare + 1, 2)
    ends = grid - size + 1
    corners = [(r, c) for r in range(top, ends, size) for c in range(left, ends, size)]
    score = [busy[r : r + size, c : c + size].sum() + rng.uniform(0, 40) for r, c in corners]
    return [corners[k] for k in np.argsort(score)[::-1][:count]]


def busiest(patches, text, count: int, rng) -> np.ndarray:
    """Sorted indices of `count` of a crop's patches [g*g, d]: text first (where `text` [g, g] is
    dense, of a band of rows that holds no more of it), then what is drawn, mixed with blanks."""
    grid = len(text)
    total = np.concatenate([[0], text.sum(1).cumsum()])
    fewest = -(-count // grid)
    top = rng.integers(0, grid - fewest + 1)
    while top > 0 and total[-1] - total[top] < count // 2:
        top -= 1
    end = top + fewest
    while end < grid and total[end + 1] - total[top] <= count * 3 // 4:
        end += 1
    drawn = (patches.amax(1) - patches.amin(1) > 12).numpy()
    score = 2.0 * text.ravel() + drawn + rng.uniform(0, 1.3, len(patches))
    band = slice(top * grid, end * grid)
    return np.sort(np.argsort(score[band])[::-1][:count]) + band.start
