"""Crops of generated pages with their dense targets: the data of stage 1."""

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import Dataset

from dense_targets import crop, dense_targets
from pages.compose import page
from runs import eased, phase_at


class Crops(Dataset):
    """Item `step` is a batch of crops: a pure function of the configuration, the seed and the step.
    The last crop of every page is of its low view."""

    def __init__(self, config: dict, seed: int):
        geometry = config["geometry"]
        self.seed, self.patch, self.zoom = seed, geometry["patch"], geometry["zoom"]
        self.grid = geometry["low"] // geometry["patch"]
        self.ease, self.phases = config["pretrain"]["ease"], config["pretrain"]["phases"]

    def __len__(self):
        return 1 << 40

    def __getitem__(self, step: int):
        """Returns pixels [n, s, s, 3] uint8, targets {name: [n*g*g, k]}, corners [n, 2]."""
        rng, phase = np.random.default_rng([self.seed, step]), phase_at(self.phases, step)
        side, size = self.grid * self.zoom * self.patch, phase["crop"]
        pixels, targets, corners = [], [], []
        for i in range(phase["pages"]):
            number = step * 1000 + i
            one = page(self.seed, number, side, 1.0, eased(self.ease, step), phase["full"])
            high = torch.from_numpy(one.pixels.copy())
            views = (self.grid * self.zoom, high, phase["crops"]), (self.grid, self.low(high), 1)
            for grid, image, count in views:
                dense = dense_targets(one, grid)
                for r, c in tiles(dense, grid, size, count, rng):
                    area = image[r * self.patch :, c * self.patch :]
                    pixels.append(area[: size * self.patch, : size * self.patch])
                    targets.append(crop(dense, r, c, size))
                    corners.append(rng.integers(0, self.grid - size + 1, 2))
        batch = {k: np.stack([t[k] for t in targets]) for k in targets[0]}
        batch = {k: torch.from_numpy(v).flatten(0, 2) for k, v in batch.items()}
        return torch.stack(pixels), batch, torch.from_numpy(np.stack(corners))

    def low(self, image):
        """The low view of a page."""
        size = self.grid * self.patch
        image = image.permute(2, 0, 1)[None].float()
        small = F.interpolate(image, size=size, mode="bilinear", antialias=True)
        return small[0].permute(1, 2, 0).round().clamp(0, 255).byte()


def tiles(dense, grid: int, size: int, count: int, rng) -> list[tuple[int, int]]:
    """Corners of the tiles with most on them, of a tiling laid at random."""
    busy = (dense["role"][..., 0] != 0) + 3.0 * (dense["shape"][..., 0] > 0)
    spare = grid % size if grid % size or grid == size else size - 1
    top, left = rng.integers(0, spare + 1, 2)
    ends = grid - size + 1
    corners = [(r, c) for r in range(top, ends, size) for c in range(left, ends, size)]
    score = [busy[r : r + size, c : c + size].sum() + rng.uniform(0, 40) for r, c in corners]
    return [corners[k] for k in np.argsort(score)[::-1][:count]]


def places(corners, size: int, grid: int):
    """Rows of the position grid for crops laid at `corners` of it."""
    at = torch.arange(size)
    return ((corners[:, :1, None] + at[:, None]) * grid + corners[:, 1:, None] + at).flatten(1)
