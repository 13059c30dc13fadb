"""Stage 1: dense pre-training of the vision tower. Resumes where OUT/checkpoint.pt left off.

python pretrain_vision.py --config configs/mini.json --out OUT [--anneal STEPS]"""

import argparse
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

from dense_targets import CLASSES, IGNORE, crop, dense_targets
from grow import grow
from model import DenseHeads, VisionTower
from optim import Optimizer
from pages.compose import page
from runs import Run, eased, load_config, quiet_worker, rate_scale

ADAM = ("position_embedding", "patch_embedding", "heads.")


class Crops(Dataset):
    """Item `step` is a batch of crops: a pure function of the seed and the step. The last crop of
    every page is of its low view."""

    def __init__(self, config: dict, seed: int, size: int, pages: int, crops: int):
        self.seed, self.size, self.pages, self.crops, self.full = (
            seed,
            size,
            pages,
            crops,
            config["pretrain"]["full"],
        )
        self.patch, self.grid = (
            config["geometry"]["patch"],
            config["geometry"]["low"] // config["geometry"]["patch"],
        )
        self.zoom, self.ease = config["geometry"]["zoom"], config["pretrain"]["ease"]

    def __len__(self):
        return 1 << 40

    def __getitem__(self, step: int):
        rng = np.random.default_rng([self.seed, step])
        pixels, targets, corners = [], [], []
        smallest = eased(self.ease, step)
        for i in range(self.pages):
            one = page(
                self.seed,
                step * self.pages + i,
                self.grid * self.zoom * self.patch,
                1.0,
                smallest,
                self.full,
            )
            for grid, count in ((self.grid * self.zoom, self.crops), (self.grid, 1)):
                image = torch.from_numpy(one.pixels.copy())
                if grid == self.grid:
                    shrunk = F.interpolate(
                        image.permute(2, 0, 1)[None].float(),
                        size=self.grid * self.patch,
                        mode="bilinear",
                        antialias=True,
                    )
                    image = shrunk[0].permute(1, 2, 0).round().clamp(0, 255).byte()
                dense = dense_targets(one, grid)
                for r, c in self._places(dense, grid, count, rng):
                    p = self.patch
                    pixels.append(image[r * p : (r + self.size) * p, c * p : (c + self.size) * p])
                    targets.append(crop(dense, r, c, self.size))
                    corners.append(rng.integers(0, self.grid - self.size + 1, 2))
        batch = {
            k: torch.from_numpy(np.stack([t[k] for t in targets])).flatten(0, 2) for k in targets[0]
        }
        return torch.stack(pixels), batch, torch.from_numpy(np.stack(corners))

    def _places(self, dense, grid: int, count: int, rng) -> list[tuple[int, int]]:
        """Corners of the tiles with most on them, of a tiling laid at random."""
        busy = (dense["role"][..., 0] != 0) + 3.0 * (dense["shape"][..., 0] > 0)
        spare = grid % self.size if grid % self.size or grid == self.size else self.size - 1
        start = rng.integers(0, spare + 1, 2)
        tries = [
            (r, c)
            for r in range(start[0], grid - self.size + 1, self.size)
            for c in range(start[1], grid - self.size + 1, self.size)
        ]
        score = [
            busy[r : r + self.size, c : c + self.size].sum() + rng.uniform(0, 40) for r, c in tries
        ]
        return [tuple(tries[k]) for k in np.argsort(score)[::-1][:count]]


def places(corners, size: int, grid: int):
    """Rows of the position grid for crops laid at `corners` of it."""
    at = torch.arange(size)
    return ((corners[:, :1, None] + at[:, None]) * grid + corners[:, 1:, None] + at).flatten(1)


def losses(heads, features, targets, place, weights: dict, generator=None) -> dict:
    """name -> (loss, right, asked). Blank patches are thinned out; long lists are sampled."""
    x = F.layer_norm(features, features.shape[-1:]).flatten(0, 1)
    grid = heads.classes["place"][1]
    targets = dict(targets, place=torch.stack([place.flatten() // grid, place.flatten() % grid], 1))
    out = {}
    for name, weight in weights.items():
        t = targets[name].long()
        at = (t != IGNORE).any(1).nonzero()[:, 0]
        if name in (
            "slots",
            "role",
            "panel",
            "shape",
            "ink",
        ):  # as many blanks as a third of the others
            full = t[at, 0] > 0
            blank = at[~full]
            keep = torch.randperm(len(blank), generator=generator)[: full.sum() // 3 + 64]
            at = torch.cat([at[full], blank[keep]])
        most = 1024 if heads.classes[name][1] > 200 or name == "place" else 4096
        if len(at) > most:
            at = at[torch.randperm(len(at), generator=generator)[:most]]
        if not len(at):
            continue
        logits, wanted = heads(name, x[at]).float().flatten(0, 1), t[at].flatten()
        asked = wanted != IGNORE
        loss = F.cross_entropy(logits, wanted, ignore_index=IGNORE) * weight
        counted = asked & (wanted > 0) if name not in ("place",) else asked
        out[name] = loss, ((logits.argmax(1) == wanted) & counted).sum(), counted.sum()
    return out


@torch.no_grad()
def evaluate(tower, heads, config, device) -> dict:
    """Accuracies on held-out pages, high and low view apart, with crops as the model sees them."""
    grid = tower.grid
    data = Crops(config, 10**6 + config["seed"], grid, 4, 3)
    data.ease, data.full = [data.ease[1]] * 2 + [1], 0.0
    tally: dict[str, list] = {}
    generator = torch.Generator().manual_seed(0)
    for step in range(3):
        pixels, targets, corners = data[step]
        high = torch.arange(len(pixels)) % 4 != 3
        for view, chosen in (("high", high), ("low", ~high)):
            rows = chosen.repeat_interleave(grid * grid)
            place = places(corners[chosen], grid, grid).to(device)
            features = tower(tower.patches(pixels[chosen].to(device)), place)
            found = losses(
                heads,
                features,
                {k: v[rows].to(device) for k, v in targets.items()},
                place,
                config["pretrain"]["weights"],
                generator,
            )
            for name, (_, right, asked) in found.items():
                entry = tally.setdefault(f"{view}.{name}", [0, 0])
                entry[0] += right.item()
                entry[1] += asked.item()
    return {k: round(r / max(1, n), 4) for k, (r, n) in tally.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", required=True)
    parser.add_argument("--out", required=True, help="folder of the checkpoint and the log")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1, help="processes that draw pages")
    parser.add_argument(
        "--anneal",
        type=int,
        default=0,
        help="end the run: let the rates fall to zero over this many steps",
    )
    parser.add_argument("--steps", type=int, default=10**9, help="stop at this step")
    parser.add_argument(
        "--crop",
        type=int,
        default=0,
        help="side of the crops in patches, when not the configuration's",
    )
    parser.add_argument("--grow", help="a new run starts from this exported CLIP directory")
    parser.add_argument("--compile", action="store_true")
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    config = load_config(a.config)
    p = config["pretrain"]
    torch.manual_seed(config["seed"])
    grid = config["geometry"]["low"] // config["geometry"]["patch"]
    size = a.crop or p["crop"]
    run = Run(a.out)
    data = Crops(config, config["seed"], size, p["pages"], p["crops"])
    tower = VisionTower(grid, config["geometry"]["patch"], **config["vision"])
    heads = DenseHeads(config["vision"]["width"], CLASSES, grid)
    saved = run.load()
    if saved is None and a.grow:
        grow(tower, a.grow)
    elif saved is None:
        tower.write_position_code(tower.patches(data[10**7][0]))
    tower.bfloat16().to(a.device), heads.bfloat16().to(a.device)
    optimizer = Optimizer(
        list(tower.named_parameters()) + list(heads.named_parameters(prefix="heads")),
        p["muon_rate"],
        p["adam_rate"],
        ADAM,
    )
    step = 0
    if saved:
        optimizer.load_state_dict(saved["optimizer"])
        step = saved["step"]
    start, forward = step, torch.compile(tower) if a.compile else tower
    loader = iter(
        DataLoader(
            data,
            batch_size=None,
            sampler=range(step, 1 << 40),
            num_workers=a.workers,
            prefetch_factor=4,
            worker_init_fn=quiet_worker,
        )
    )
    means: dict[str, float] = {}
    began, waited, evaluated = time.time(), 0.0, time.time()
    checkpoint = lambda: run.save(
        step=step,
        tower=tower.state_dict(),
        heads=heads.state_dict(),
        optimizer=optimizer.state_dict(),
        config=config,
    )
    while step < a.steps and not run.stopping and not (a.anneal and step - start >= a.anneal):
        t = time.time()
        pixels, targets, corners = next(loader)
        waited += time.time() - t
        place = places(corners, size, grid).to(a.device)
        features = forward(tower.patches(pixels.to(a.device)), place)
        weights = p["early"]["weights"] if step < p["early"]["steps"] else p["weights"]
        found = losses(
            heads, features, {k: v.to(a.device) for k, v in targets.items()}, place, weights
        )
        loss = sum(l for l, *_ in found.values())
        loss.backward()
        optimizer.step(rate_scale(step, p["warmup"], start, a.anneal))
        step += 1
        for k, v in [
            ("loss", loss.item()),
            ("slots_loss", found["slots"][0].item() / weights["slots"]),
        ] + [(n, r.item() / max(1, c.item())) for n, (_, r, c) in found.items()]:
            means[k] = means[k] * 0.97 + v * 0.03 if k in means else v
        if step % 50 == 0:
            done = (step - start) * len(pixels)
            run.log(
                step=step, crops_per_second=done / (time.time() - began), waited=waited, **means
            )
        if time.time() - evaluated > 900:
            run.log(step=step, evaluation=evaluate(tower, heads, config, a.device))
            evaluated = time.time()
        if run.due():
            checkpoint()
    checkpoint()
    if not run.stopping:
        run.log(step=step, evaluation=evaluate(tower, heads, config, a.device))


if __name__ == "__main__":
    main()
