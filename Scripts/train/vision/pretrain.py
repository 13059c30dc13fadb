"""Stage 1: dense pre-training of the vision tower. Resumes where OUT/checkpoint.pt left off.

python -m vision.pretrain --config configs/mini.json --store STORE --out OUT [--anneal STEPS]

torchrun --nproc-per-node 2 -m vision.pretrain ... --threads 1: two processes, batches of twice the
size."""

import time

import torch

from runs.optim import Optimizer, precision
from runs.peers import Peers
from runs.run import (
    Batches,
    Means,
    Run,
    annealed_from,
    arguments,
    load_config,
    phase_at,
    rate_scale,
)
from vision.crops import Crops
from vision.grow import grow
from vision.losses import dense_losses
from vision.targets import CLASSES
from vision.tower import DenseHeads, VisionTower

ADAM = ("position_embedding", "patch_embedding", "heads.")


def losses(heads, features, targets, place, weights: dict, generator=None) -> dict:
    """Of crops' features [B, t, d]; every patch is also asked for its `place` [B, t]."""
    grid = heads.classes["place"][1]
    targets = dict(targets, place=torch.stack([place.flatten() // grid, place.flatten() % grid], 1))
    return dense_losses(heads, features, targets, weights, generator)


def make_optimizer(tower, heads, rates: dict) -> Optimizer:
    named = [*tower.named_parameters(), *heads.named_parameters(prefix="heads")]
    return Optimizer(named, rates["muon_rate"], rates["adam_rate"], ADAM)


def whole_crops(config: dict, store: str, match: str) -> Crops:
    """Crops as the model sees them, of pages that are not trained on; characters on the edge of two
    patches are not asked for."""
    data = Crops(config, store, match, 10**6 + config["seed"], worn=False, clear=1.5)
    tokens = data.grid**2
    of = dict(data.phases[-1], whole=1.0, tokens=tokens, pages=4, crops=3)
    data.ease, data.phases = [data.ease[1]] * 2 + [1], [of]
    return data


@torch.no_grad()
def evaluate(tower, heads, config: dict, folder: str, device: str) -> dict:
    """Accuracies on whole pages that are not trained on (shards `held-*` of the store), high and low
    view apart; "unseen" is of pages in fonts that are never trained on (`unseen-*`)."""
    tally: dict[str, list] = {}
    generator = torch.Generator().manual_seed(0)
    for prefix, match in (("", "held-*.zip"), ("unseen.", "unseen-*.zip")):
        data = whole_crops(config, folder, match)
        for number in range(3 if len(data.store) else 0):
            patches, targets, places = data[number]
            high = torch.arange(len(patches)) % 4 != 3
            for view, chosen in (("high", high), ("low", ~high)):
                rows, place = chosen.repeat_interleave(patches.shape[1]), places[chosen].to(device)
                features = tower(tower.normalise(patches[chosen].to(device)), place)
                asked_of = {k: v[rows].to(device) for k, v in targets.items()}
                weights = data.phases[0]["weights"]
                found = losses(heads, features, asked_of, place, weights, generator)
                for name, (_, right, asked) in found.items():
                    entry = tally.setdefault(f"{prefix}{view}.{name}", [0, 0])
                    entry[0] += right.item()
                    entry[1] += asked.item()
    return {k: round(r / max(1, n), 4) for k, (r, n) in tally.items()}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--store", required=True, help="folder of drawn pages")
    parser.add_argument("--grow", help="a new run starts from the tower of this GGUF file")
    parser.add_argument("--heads", type=int, default=0, help="the tower stays for so many first steps")
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    config = load_config(a.config)
    p = config["pretrain"]
    torch.manual_seed(config["seed"])
    grid = config["geometry"]["low"] // config["geometry"]["patch"]
    peers = Peers()
    run = Run(a.out, processes=peers.count)
    data = Crops(config, a.store, "a-*.zip", config["seed"])
    tower = VisionTower(grid, config["geometry"]["patch"], **config["vision"])
    heads = DenseHeads(config["vision"]["width"], CLASSES, grid)
    saved = run.load()
    if saved is None and a.grow:
        grow(tower, a.grow)
    elif saved is None:
        tower.write_position_code(tower.normalise(whole_crops(config, a.store, "a-*.zip")[1][0]))
    tower.to(a.device, precision(a.device)), heads.to(a.device, precision(a.device))
    optimizer = make_optimizer(tower, heads, p)
    step = saved["step"] if saved else 0
    if saved:
        optimizer.load_state_dict(saved["optimizer"])
    falls = annealed_from(saved, step, a.anneal)
    forward = torch.compile(tower) if a.compile else tower
    number = lambda step: step * peers.count + peers.rank  # of this process's batch
    loader, means = Batches(data, number(step), a.workers, peers.count), Means()
    named = [p for _, p in optimizer.named]
    stopping = False
    began, evaluated, done = time.time(), time.time(), 0
    checkpoint = lambda: run.save(
        step=step,
        tower=tower.state_dict(),
        heads=heads.state_dict(),
        optimizer=optimizer.state_dict(),
        config=config,
        annealed_from=falls,
    )
    last = min(a.steps, falls + a.anneal if a.anneal else a.steps)
    while step < last and not stopping:
        patches, targets, place = next(loader)
        weights, place = phase_at(p["phases"], step)["weights"], place.to(a.device)
        with torch.set_grad_enabled(step >= a.heads):
            features = forward(tower.normalise(patches.to(a.device)), place)
        found = losses(
            heads, features, {k: v.to(a.device) for k, v in targets.items()}, place, weights
        )
        loss = sum(l for l, *_ in found.values())
        loss.backward()
        stopping = peers.average(named, run.stopping)
        rate = a.rate * rate_scale(step, p["warmup"], falls, a.anneal)
        optimizer.step(rate, spread=peers.spread)
        step, done = step + 1, done + len(patches) * peers.count
        means.add({"loss": loss.item(), "slots_loss": found["slots"][0].item() / weights["slots"]})
        means.add({n: r.item() / max(1, asked.item()) for n, (_, r, asked) in found.items()})
        if not peers.first:
            continue
        if step % 50 == 0:
            speed = done / (time.time() - began)
            run.log(step=step, crops_per_second=speed, waited=loader.waited, **means)
        if time.time() - evaluated > 900:
            run.log(step=step, evaluation=evaluate(tower, heads, config, a.store, a.device))
            evaluated = time.time()
        if run.due():
            checkpoint()
    if peers.first:
        checkpoint()
    if peers.first and not stopping:
        run.log(step=step, evaluation=evaluate(tower, heads, config, a.store, a.device))


if __name__ == "__main__":
    main()
