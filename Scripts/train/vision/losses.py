"""The losses of the dense targets (targets.py), one per head."""

import torch
import torch.nn.functional as F

from vision.targets import IGNORE

BLANKS = ("slots", "role", "panel", "shape", "ink")  # of these, blanks a third as many as others


def dense_losses(heads, features, targets: dict, weights: dict, generator=None) -> dict:
    """features [..., d], targets {name: [n, k]} -> {name: (weighted loss, right, asked)}. Blank
    patches are thinned out; long lists are sampled."""
    x = F.layer_norm(features, features.shape[-1:]).flatten(0, -2)
    out = {}
    for name, weight in weights.items():
        t = targets[name].long()
        at = (t != IGNORE).any(1).nonzero()[:, 0]
        if name in BLANKS:
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
        counted = asked if name == "place" else asked & (wanted > 0)
        out[name] = loss, ((logits.argmax(1) == wanted) & counted).sum(), counted.sum()
    return out
