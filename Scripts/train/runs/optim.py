"""Muon for the hidden matrices, Adam for the rest, with float32 masters of the weights."""

import math

import torch


def precision(device: str) -> torch.dtype:
    """What to compute in: bfloat16 where the hardware multiplies it. Elsewhere it is converted
    number by number, at a hundredth of the speed of float32."""
    # A private name, and the only one: PyTorch tells this of graphics processors alone.
    if device == "cpu" and not torch.cpu._is_avx512_bf16_supported():
        return torch.float32
    return torch.bfloat16


@torch.no_grad()
def orthogonalise(batch, steps: int = 5):
    """Newton-Schulz on [n, rows, columns] matrices: singular values near one (Jordan et al.,
    2024)."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = batch.to(precision(batch.device.type))
    tall = x.shape[1] > x.shape[2]
    if tall:
        x = x.transpose(1, 2).contiguous()
    x = x / (x.float().flatten(1).norm(dim=1)[:, None, None].to(x.dtype) + 1e-7)
    for _ in range(steps):
        gram = torch.bmm(x, x.transpose(1, 2))
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return (x.transpose(1, 2) if tall else x).float()


class Optimizer:
    """`named` are (name, parameter). Matrices whose names contain none of `adam_names` go to Muon;
    "qkv" ones are three matrices."""

    def __init__(
        self,
        named,
        muon_rate: float,
        adam_rate: float,
        adam_names: tuple[str, ...],
        decay: float = 0.05,
    ):
        self.named = [(n, p) for n, p in named if p.requires_grad]
        self.rates, self.decay, self.count = (muon_rate, adam_rate), decay, 0
        self.muon = {
            n for n, p in self.named if p.dim() == 2 and not any(a in n for a in adam_names)
        }
        self.state = {}
        for n, p in self.named:
            self.state[n] = {
                "master": p.detach().float().clone(),
                "m": torch.zeros_like(p, dtype=torch.float32),
            }
            if n not in self.muon:
                self.state[n]["v"] = torch.zeros_like(p, dtype=torch.float32)

    @torch.no_grad()
    def step(self, scale: float = 1.0, clip: float = 1.0, spread=lambda f, x: f(x)) -> float:
        """One update at `scale` times the rates; returns the gradient's norm. A gradient that is
        not finite is dropped. `spread` applies a function to a batch of matrices (Peers.spread)."""
        live = [(n, p) for n, p in self.named if p.grad is not None]
        norm = math.sqrt(sum(p.grad.float().square().sum().item() for _, p in live))
        if not math.isfinite(norm):
            for _, p in live:
                p.grad = None
            return norm
        self.count += 1
        groups: dict[tuple, list] = {}
        for n, p in live:
            g, s = p.grad.float(), self.state[n]
            if n in self.muon:
                s["m"].mul_(0.95).add_(g)
                parts = 3 if "qkv" in n else 1
                groups.setdefault((g.shape[0] // parts, g.shape[1]), []).append(
                    (n, p, parts, g.add(s["m"], alpha=0.95))
                )
            else:
                self._adam(p, g * min(1.0, clip / (norm + 1e-6)), s, self.rates[1] * scale)
            p.grad = None
        rate = self.rates[0] * scale
        for (rows, columns), members in groups.items():
            batch = torch.cat([u.view(k, rows, columns) for *_, k, u in members])
            update = spread(orthogonalise, batch)
            at = 0
            for n, p, k, _ in members:
                master = self.state[n]["master"]
                master.mul_(1 - rate * self.decay).add_(
                    update[at : at + k].reshape(master.shape),
                    alpha=-rate * 0.2 * math.sqrt(max(rows, columns)),
                )
                p.copy_(master)
                at += k
        return norm

    def _adam(self, p, g, s, rate: float) -> None:
        b1, b2 = 0.9, 0.98
        s["m"].lerp_(g, 1 - b1)
        s["v"].mul_(b2).addcmul_(g, g, value=1 - b2)
        t = self.count
        update = (s["m"] / (1 - b1**t)) / ((s["v"] / (1 - b2**t)).sqrt() + 1e-8)
        if p.dim() >= 2:
            s["master"].mul_(1 - rate * self.decay)
        p.copy_(s["master"].add_(update, alpha=-rate))

    def state_dict(self) -> dict:
        return {"count": self.count, "state": self.state}

    def load_state_dict(self, saved: dict) -> None:
        """Takes over what fits; parameters that are new or of another shape start afresh."""
        self.count = saved["count"]
        for n, p in self.named:
            old = saved["state"].get(n)
            if old and all(old[k].shape == v.shape for k, v in self.state[n].items() if k in old):
                for k, v in self.state[n].items():
                    if k in old:
                        v.copy_(old[k])
                with torch.no_grad():
                    p.copy_(self.state[n]["master"])
