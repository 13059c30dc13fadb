"""Which cells a row may see, and the losses of the language model."""

import torch
import torch.nn.functional as F

from language.packing import FAMILIES, READING


def pool(mask, low: int, cells: int):
    """[..., low^2] tokens -> [..., cells^2] cells."""
    return (
        F.adaptive_max_pool2d(mask.float().view(-1, 1, low, low), cells).view(
            *mask.shape[:-1], cells * cells
        )
        > 0
    )


def begins(owner):
    """Which rows [B, n] are an answer's first; `owner` [B, n] is the question of each."""
    return F.pad(owner[:, 1:] != owner[:, :-1], (1, 0), value=True)


class Choice:
    """Chooses cells as each image's mode says: flex (the model's own map), all, none, oracle,
    random."""

    def __init__(self, model, batch: dict, modes: list[str]):
        self.model, self.modes, self.margins = model, modes, batch["margins"]
        owner = batch["owner"][..., None].expand(-1, -1, model.cells**2)
        self.target = pool(batch["target"], model.low, model.cells).gather(1, owner)
        self.search = pool(batch["search"], model.low, model.cells).gather(1, owner)
        self.used = {}

    def __call__(self, layer: int, maps):
        flex = self.model.select(maps, self.margins)
        out = torch.zeros_like(flex)
        for b, mode in enumerate(self.modes):
            match mode:
                case "flex":
                    out[b] = flex[b]
                case "all":
                    out[b] = True
                case "oracle":
                    out[b] = (self.search if layer < self.model.first + 2 else self.target)[b]
                case "random":
                    order = torch.rand(flex[b].shape, device=flex.device).argsort(-1).argsort(-1)
                    out[b] = order < flex[b].sum(-1, keepdim=True)
                case "center":
                    at = torch.arange(self.model.cells, device=flex.device) - self.model.cells // 2
                    order = (at[:, None] ** 2 + at**2).flatten().argsort(stable=True).argsort()
                    out[b] = order < flex[b].sum(-1, keepdim=True)
        self.used[layer] = out
        return out


def forward(model, low, high, batch: dict, modes: list[str]):
    choice = Choice(model, batch, modes)
    looks = {model.first + 1: "early", model.first + 2: "also"}
    probes = {i: batch[looks.get(i, "late")] for i in range(model.first + 1, len(model.layers))}
    high = None if all(m == "none" for m in modes) else high
    logits, maps, probed = model(
        low,
        high,
        batch["tokens"],
        batch["positions"],
        batch["segments"],
        batch["rows"],
        choice,
        probes,
    )
    return logits, maps, probed, choice


def losses(
    model, low, high, batch: dict, modes: list[str], map_weight: float, probe_weight: float
) -> tuple[torch.Tensor, dict]:
    """Cross-entropy, the low map's divergence from the answer's cells, and -log of the attention
    on the right patch."""
    logits, maps, probed, _ = forward(model, low, high, batch, modes)
    wanted = batch["wanted"]
    asked = wanted != -100
    first = asked & begins(batch["owner"]) & (batch["late"] >= 0)
    of_mode = torch.tensor([0.3 if m == "none" else 1.0 for m in modes], device=asked.device)
    stress = 1.0 + 2 * first  # a copied answer is found, or lost, at its first letter
    weight = asked * of_mode[:, None] * stress
    each = F.cross_entropy(
        logits.float().flatten(0, 1), wanted.clamp(min=0).flatten(), reduction="none"
    ).view(wanted.shape)
    out = {"answer": (each * weight).sum() / weight.sum().clamp(min=1)}
    owner = batch["owner"][..., None].expand(-1, -1, model.low**2)
    chart = {k: batch[k].gather(1, owner)[asked].float() for k in ("target", "search")}
    terms = []
    for i, m in maps.items():
        if i == len(model.layers) - 1:  # nothing uses the last layer's map
            continue
        want = chart["search" if i < model.first + 2 else "target"]
        got = m[asked].clamp(min=1e-6)
        got = got / got.sum(1, keepdim=True)
        terms.append(
            -(want * got.log()).sum(1).div(want.sum(1).clamp(min=1)).mean()
            - want.sum(1).clamp(min=1).log().mean()
        )
    out["map"] = sum(terms) / len(terms)
    terms = []
    for i, (p, seen) in probed.items():
        seen = seen & asked
        if seen.any():
            missed = -p[:, : p.shape[1] // 2].clamp(min=1e-5).log().mean(1)  # half of the heads
            terms.append((missed * stress)[seen].sum() / stress[seen].sum())
    out["look"] = sum(terms) / len(terms) if terms else logits.sum() * 0
    total = (
        out["answer"]
        + map_weight * len(maps) * out["map"]
        + probe_weight * len(probed) * out["look"]
    )
    out["right"] = ((logits.argmax(-1) == wanted) & asked).sum() / asked.sum().clamp(min=1)
    out["first"] = ((logits.argmax(-1) == wanted) & first).sum() / first.sum().clamp(min=1)
    return total, {k: v.item() for k, v in out.items()}


@torch.no_grad()
def score(model, batches, modes: list[str]) -> dict:
    """Exact match per family and mode (teacher forced, which greedy decoding equals), the share of
    cells used."""
    tally: dict[tuple, list] = {}
    share = []
    for low, high, batch in batches:
        for mode in modes:
            logits, _, _, choice = forward(model, low, high, batch, [mode] * len(low))
            wrong = (logits.argmax(-1) != batch["wanted"]) & (batch["wanted"] != -100)
            asked = batch["wanted"] != -100
            if mode == "flex":
                share += [
                    u[asked].float().mean().item()
                    for i, u in choice.used.items()
                    if i < len(model.layers) - 1
                ]
            for b in range(len(low)):
                bad = torch.zeros(batch["family"].shape[1], device=wrong.device).index_add_(
                    0, batch["owner"][b], wrong[b].float()
                )
                for k, family in enumerate(batch["family"][b].tolist()):
                    if family >= 0:
                        for name in [FAMILIES[family], "all"] + (
                            ["reading"] if FAMILIES[family] in READING else []
                        ):
                            entry = tally.setdefault((mode, name), [0, 0])
                            entry[0] += int(bad[k].item() == 0)
                            entry[1] += 1
    table = {
        m: {n: round(100 * r / t, 1) for (mm, n), (r, t) in sorted(tally.items()) if mm == m}
        for m in modes
    }
    return {
        "exact": table,
        "asked": {n: t for (m, n), (_, t) in tally.items() if m == modes[0]},
        "cells": round(sum(share) / len(share), 4) if share else None,
    }
