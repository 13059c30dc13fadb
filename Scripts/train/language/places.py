"""Keeps places in sight of the language model. The high-resolution tokens that it attends to say what
they show, and where in their crop, but not in which crop: from the name of a value in one crop to the
value in another it has to know where on the page it found the name. Two kinds of read-out, trained
along, ask for that.

Rows of low-resolution tokens it can count: they come row by row, and attention is causal. Columns only
the features tell, and what no answer depends on yet the projector and the values drop; "left or right"
then never starts to be learned."""

import torch
import torch.nn.functional as F
from torch import nn

from language.objective import begins


class Places:
    """Read-outs, of what a LanguageModel leaves as `inner`, and their optimizer: the column of every
    projected low-resolution token; the row and the column, in patches of the high view, of what the
    row that begins an answer is about to look at. `saved` is what a checkpoint holds of them, or
    nothing."""

    def __init__(self, config: dict, saved: dict | None, device: str):
        g, width = config["geometry"], config["language"]["width"]
        self.low = g["low"] // g["patch"]
        self.high = self.low * g["zoom"]
        classes = {"token": self.low, "row": self.high, "column": self.high}
        self.heads = nn.ModuleDict({k: nn.Linear(width, n) for k, n in classes.items()}).to(device)
        self.parameters = [*self.heads.parameters()]
        self.optimizer = torch.optim.Adam(self.parameters, 0.01)
        if saved:
            self.heads.load_state_dict(saved["heads"])
            self.optimizer.load_state_dict(saved["optimizer"])

    def loss(self, tokens, rows, batch: dict) -> tuple[torch.Tensor, dict[str, float]]:
        """tokens [B, low^2, d], rows [B, n, d] and a batch of packing.Questions -> the loss, and by how
        many patches the answers' rows and columns are wrong in the mean."""
        width = tokens.shape[-1:]
        read = self.heads["token"](F.rms_norm(tokens.float(), width)).flatten(0, 1)
        own = torch.arange(len(read), device=read.device) % self.low
        loss, wrong = 0.1 * F.cross_entropy(read, own), {}
        asked = begins(batch["owner"]) & (batch["wanted"] != -100) & (batch["late"] >= 0)
        if not asked.any():
            return loss, wrong
        x, place = F.rms_norm(rows[asked].float(), width), batch["late"][asked]
        for name, wanted in (("row", place // self.high), ("column", place % self.high)):
            read = self.heads[name](x)
            loss = loss + F.cross_entropy(read, wanted)
            wrong[name] = (read.argmax(1) - wanted).abs().float().mean().item()
        return loss, wrong

    def step(self) -> None:
        self.optimizer.step()
        self.optimizer.zero_grad()

    def state_dict(self) -> dict:
        return dict(heads=self.heads.state_dict(), optimizer=self.optimizer.state_dict())
