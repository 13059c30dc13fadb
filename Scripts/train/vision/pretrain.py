"""Stage 1: dense pre-training of the vision tower. Resumes where OUT/checkpoint.pt left off.

python -m vision.pretrain --config configs/mini.json --store STORE --out OUT [--anneal STEPS]

torchrun --nproc-per-node 2 -m vision.pretrain ... --threads 1: two processes, batches of twice the
size."""

import torch

from runs.optim import Optimizer, precision
from runs.run import arguments, phase_at
from runs.stage import Stage
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


class Pretraining(Stage):
    """A tower, new, grown from a file's or resumed, and its heads."""

    log_every = 50

    def __init__(self, a):
        super().__init__(a)
        config, device = self.config, a.device
        grid = config["geometry"]["low"] // config["geometry"]["patch"]
        self.data = Crops(config, a.store, "a-*.zip", config["seed"])
        self.tower = VisionTower(grid, config["geometry"]["patch"], **config["vision"])
        self.heads = DenseHeads(config["vision"]["width"], CLASSES, grid)
        if self.saved is None and a.grow:
            grow(self.tower, a.grow)
        elif self.saved is None:
            sample = whole_crops(config, a.store, "a-*.zip")[1][0]
            self.tower.write_position_code(self.tower.normalise(sample))
        self.tower.to(device, precision(device)), self.heads.to(device, precision(device))
        self.optimizer = make_optimizer(self.tower, self.heads, config["pretrain"])
        if self.saved:
            self.optimizer.load_state_dict(self.saved["optimizer"])
        self.forward = torch.compile(self.tower) if a.compile else self.tower

    def learn(self, batch, rate: float):
        (patches, targets, place), device = batch, self.arguments.device
        weights = phase_at(self.config["pretrain"]["phases"], self.step)["weights"]
        with torch.set_grad_enabled(self.step >= self.arguments.heads):
            features = self.forward(self.tower.normalise(patches.to(device)), place.to(device))
        targets = {k: v.to(device) for k, v in targets.items()}
        found = losses(self.heads, features, targets, place.to(device), weights)
        loss = sum(l for l, *_ in found.values())
        loss.backward()
        stopping = self.peers.average([p for _, p in self.optimizer.named], self.run.stopping)
        self.optimizer.step(rate, spread=self.peers.spread)
        means = {n: r.item() / max(1, asked.item()) for n, (_, r, asked) in found.items()}
        means |= {"loss": loss.item(), "slots_loss": found["slots"][0].item() / weights["slots"]}
        return stopping, means, {"crops": len(patches)}

    def content(self) -> dict:
        parts = {"tower": self.tower, "heads": self.heads, "optimizer": self.optimizer}
        return {name: part.state_dict() for name, part in parts.items()}

    def evaluate(self) -> dict:
        a = self.arguments
        return evaluate(self.tower, self.heads, self.config, a.store, a.device)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--store", required=True, help="folder of drawn pages")
    parser.add_argument("--grow", help="a new run starts from the tower of this GGUF file")
    parser.add_argument("--heads", type=int, default=0, help="the tower stays for so many first steps")
    stage = Pretraining(parser.parse_args())
    stage.train(stage.config["pretrain"]["warmup"])


if __name__ == "__main__":
    main()
