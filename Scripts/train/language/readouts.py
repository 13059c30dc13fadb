"""What the language model should know on its way to an answer, asked for by small read-outs that are
trained along and thrown away.

Before it looks at the high view: how the name begins that the question gives what it asks for. That
name is then found by its letters.

Once it has looked for the name: where on the page the answer is. High-resolution tokens say what they
show, and where in their crop, but not in which crop, and a name is mostly in another crop than its
value.

All along: the column of every low-resolution token. Rows it can count, since they come row by row and
attention is causal. Columns only the features tell, and what no answer depends on yet the projector
and the values drop; "left or right" then never starts to be learned."""

import torch
import torch.nn.functional as F
from torch import nn

from language.objective import begins
from vision.targets import CLASSES, IGNORE

LETTERS, CHARACTERS = CLASSES["prefix"]


class ReadOuts:
    """Linear read-outs of what a LanguageModel leaves as `inner`, and their optimizer. `saved` is what
    a checkpoint holds of them, or nothing."""

    def __init__(self, config: dict, saved: dict | None, device: str):
        g, width = config["geometry"], config["language"]["width"]
        self.low = g["low"] // g["patch"]
        self.high = self.low * g["zoom"]
        classes = {"token": self.low, "row": self.high, "column": self.high}
        classes |= dict.fromkeys(("key", "also"), LETTERS * CHARACTERS)
        self.heads = nn.ModuleDict({k: nn.Linear(width, n) for k, n in classes.items()}).to(device)
        self.parameters = [*self.heads.parameters()]
        self.optimizer = torch.optim.Adam(self.parameters, 0.01)
        if saved:
            self.heads.load_state_dict(saved["heads"])
            self.optimizer.load_state_dict(saved["optimizer"])

    def read(self, name: str, x):
        return self.heads[name](F.rms_norm(x.float(), x.shape[-1:]))

    def loss(self, tokens, before, after, batch: dict) -> tuple[torch.Tensor, dict[str, float]]:
        """tokens [B, low^2, d], rows before and after the search [B, n, d] and a batch of
        packing.Questions -> the loss; the share of letters that are right, and by how many patches of
        the high view rows and columns of answers are wrong in the mean."""
        own = torch.arange(tokens.shape[1], device=tokens.device) % self.low
        own = own.expand(len(tokens), -1).flatten()
        loss, found = 0.1 * F.cross_entropy(self.read("token", tokens).flatten(0, 1), own), {}
        first = begins(batch["owner"]) & (batch["wanted"] != -100)
        for name in ("key", "also"):
            owner = batch["owner"][..., None].expand(-1, -1, LETTERS)
            wanted = batch[name + "_letters"].gather(1, owner)[first].flatten()
            asked = wanted != IGNORE
            if asked.any():
                read = self.read(name, before[first]).view(-1, CHARACTERS)
                loss = loss + F.cross_entropy(read, wanted, ignore_index=IGNORE)
                right = ((read.argmax(1) == wanted) & asked).sum() / asked.sum()
                found[name] = right.item()
        asked = first & (batch["late"] >= 0)
        if asked.any():
            place = batch["late"][asked]
            for name, wanted in (("row", place // self.high), ("column", place % self.high)):
                read = self.read(name, after[asked])
                loss = loss + F.cross_entropy(read, wanted)
                found[name] = (read.argmax(1) - wanted).abs().float().mean().item()
        return loss, found

    def step(self) -> None:
        self.optimizer.step()
        self.optimizer.zero_grad()

    def state_dict(self) -> dict:
        return dict(heads=self.heads.state_dict(), optimizer=self.optimizer.state_dict())
