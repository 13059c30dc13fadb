"""Stage 2 with a tower that goes on learning: from the language model's losses, and from the dense
targets of the pages that the questions are about."""

import torch

from runs.optim import precision
from vision.losses import dense_losses
from vision.pretrain import make_optimizer
from vision.targets import CLASSES, IGNORE
from vision.tower import DenseHeads
from vision.views import rows_of


class TrainedTower:
    """The tower's heads and optimizer. `saved` holds the `heads` and, where the tower comes from
    the same checkpoint, the `tower_optimizer`: its master weights become the tower's."""

    def __init__(self, tower, saved: dict, config: dict, device: str):
        self.heads = DenseHeads(config["vision"]["width"], CLASSES, tower.grid)
        self.heads.load_state_dict(saved["heads"])
        self.heads.to(device, precision(device))
        self.optimizer = make_optimizer(tower, self.heads, config["pretrain"])
        if "tower_optimizer" in saved:
            self.optimizer.load_state_dict(saved["tower_optimizer"])
        self.weights = dict(config["pretrain"]["phases"][-1]["weights"])
        del self.weights["place"]  # the language model asks for it

    def loss(self, low, high, targets: dict) -> dict:
        """Of features as `encode` gives them and targets {name: [B, n, k]} (page_targets)."""
        features, at = high
        first = torch.arange(low.shape[1], device=at.device).expand(len(low), -1)
        at = torch.cat([first, torch.where(at < 0, -1, low.shape[1] + at)], 1)
        seen = {k: rows_of(t, at.clamp(min=0)) for k, t in targets.items()}
        for t in seen.values():
            t[at < 0] = IGNORE
        flat = {k: t.flatten(0, 1) for k, t in seen.items()}
        return dense_losses(self.heads, torch.cat([low, features], 1), flat, self.weights)

    def state_dict(self) -> dict:
        return dict(heads=self.heads.state_dict(), tower_optimizer=self.optimizer.state_dict())
