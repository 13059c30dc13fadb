"""Keeps the columns of things in sight of the language model. Rows it can count: image tokens come
row by row, and attention is causal. Columns only the features tell, and what no answer depends on
yet the projector and the values drop; "left or right" then never starts to be learned."""

import torch
import torch.nn.functional as F
from torch import nn

from language.objective import begins
from language.packing import FAMILIES


class Columns:
    """Two read-outs, of what a LanguageModel leaves as `inner`, and their optimizer: of every
    projected low-resolution token, and of the row that begins an answer about a place. `saved` is
    what a checkpoint holds of them, or nothing."""

    def __init__(self, config: dict, saved: dict | None, device: str):
        g, width = config["geometry"], config["language"]["width"]
        self.low_grid, self.zoom = g["low"] // g["patch"], g["zoom"]
        self.heads = nn.ModuleDict({k: nn.Linear(width, self.low_grid) for k in ("token", "row")})
        self.heads.to(device)
        self.parameters = [*self.heads.parameters()]
        self.optimizer = torch.optim.Adam(self.parameters, 0.01)
        if saved:
            self.heads.load_state_dict(saved["heads"])
            self.optimizer.load_state_dict(saved["optimizer"])

    def loss(self, tokens, rows, batch: dict) -> tuple[torch.Tensor, float]:
        """tokens [B, low_grid^2, d], rows [B, n, d] and a batch of packing.Questions -> the loss, and
        by how many columns the rows are wrong in the mean."""
        width = tokens.shape[-1:]
        read = self.heads["token"](F.rms_norm(tokens.float(), width)).flatten(0, 1)
        own = torch.arange(len(read), device=read.device) % self.low_grid
        loss = 0.1 * F.cross_entropy(read, own)
        owner, key = batch["owner"], batch["early"]  # at an answer's first row: what it is about
        about = batch["family"].gather(1, owner) == FAMILIES.index("rel")
        asked = begins(owner) & about & (key >= 0)
        if not asked.any():
            return loss, 0.0
        read = self.heads["row"](F.rms_norm(rows[asked].float(), width))
        wanted = key[asked] % (self.low_grid * self.zoom) // self.zoom
        wrong = (read.argmax(1) - wanted).abs().float().mean()
        return loss + F.cross_entropy(read, wanted), wrong.item()

    def step(self) -> None:
        self.optimizer.step()
        self.optimizer.zero_grad()

    def state_dict(self) -> dict:
        return dict(heads=self.heads.state_dict(), optimizer=self.optimizer.state_dict())
