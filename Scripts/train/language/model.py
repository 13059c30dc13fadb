"""The language model: LLaMA with k_proj_hd and v_proj_hd, in the semantics of the official code
(FlexAttention, section 3).

Many questions about one image are packed behind its low-resolution tokens: every question sees the
image and itself, and its positions start where the image ends, which is what the model meets at
inference."""

import math

import torch
import torch.nn.functional as F
from torch import nn


def rotate_half(x):
    a, b = x.chunk(2, -1)
    return torch.cat([-b, a], -1)


class RMSNorm(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return F.rms_norm(x, x.shape[-1:], self.weight, 1e-5)


class LanguageLayer(nn.Module):
    def __init__(self, width: int, inner: int, layers: int, high: bool):
        super().__init__()
        linear = lambda i, o: nn.Linear(i, o, bias=False)
        self.input_norm, self.post_norm = RMSNorm(width), RMSNorm(width)
        self.q, self.k, self.v, self.o = (linear(width, width) for _ in range(4))
        self.gate, self.up, self.down = (
            linear(width, inner),
            linear(width, inner),
            linear(inner, width),
        )
        if high:
            self.k_hd, self.v_hd = linear(width, width), linear(width, width)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                nn.init.normal_(
                    p,
                    std=p.shape[1] ** -0.5
                    / (math.sqrt(2 * layers) if name[:2] in ("o.", "do") else 1),
                )


class LanguageModel(nn.Module):
    """Selection maps are computed from layer `first` on; layers after it also attend to the
    high-resolution tokens of the cells that the layer before chose. Only tokens that predict an
    answer do so."""

    def __init__(
        self,
        vocabulary: int,
        vision_width: int,
        low_grid: int,
        zoom: int,
        width: int = 256,
        heads: int = 4,
        inner: int = 688,
        layers: int = 8,
        first: int = 2,
        cells: int = 9,
        threshold: int = 64,
        context: int = 1024,
    ):
        super().__init__()
        self.heads, self.first, self.low, self.high, self.cells, self.threshold = (
            heads,
            first,
            low_grid,
            low_grid * zoom,
            cells,
            threshold,
        )
        self.embed, self.head = (
            nn.Embedding(vocabulary, width),
            nn.Linear(width, vocabulary, bias=False),
        )
        self.projector = nn.ModuleList([nn.Linear(vision_width, width), nn.Linear(width, width)])
        self.layers = nn.ModuleList(
            LanguageLayer(width, inner, layers, i > first) for i in range(layers)
        )
        self.norm = RMSNorm(width)
        nn.init.normal_(self.embed.weight, std=0.2)
        nn.init.normal_(self.head.weight, std=0.03)
        for linear in self.projector:
            nn.init.normal_(linear.weight, std=linear.weight.shape[1] ** -0.5)
            nn.init.zeros_(linear.bias)
        d = width // heads
        angles = torch.arange(context)[:, None] * 10000.0 ** (-torch.arange(0, d, 2) / d)
        angles = torch.cat([angles, angles], 1)
        self.tables = {"cos": angles.cos(), "sin": angles.sin()}
        image = slice(1, 1 + low_grid**2)
        for name in (
            "cos",
            "sin",
        ):  # rows of the image tokens, resized as pictures to the high grid
            rows = self.tables[name][image].T.reshape(1, d, low_grid, low_grid)
            self.tables["high_" + name] = (
                F.interpolate(rows, size=self.high, mode="bicubic").flatten(2)[0].T.contiguous()
            )
        at = torch.arange(self.high) * cells // self.high
        self.tables["cell"] = (
            at[:, None] * cells + at
        ).flatten()  # the cell of a high-resolution token

    def to(self, *args, **kwargs):
        super().to(*args, **kwargs)
        where = self.embed.weight
        self.tables = {
            k: v.to(where.device) if k == "cell" else v.to(where.device, where.dtype)
            for k, v in self.tables.items()
        }
        return self

    def project(self, features):
        return self.projector[1](F.gelu(self.projector[0](features)))

    def select(self, maps, margins):
        """Maps [B, n, low^2] -> chosen cells [B, n, cells^2]; `margins` [B, low^2] is false on
        padding (Algorithm 6.2)."""
        maps = maps.float() * margins[:, None]
        low, high = maps.amin(-1, True), maps.amax(-1, True)
        on = ((maps - low) / (high - low).clamp(min=1e-20) * 255 > self.threshold).float()
        return (
            F.adaptive_max_pool2d(on.view(-1, 1, self.low, self.low), self.cells).view(
                *maps.shape[:2], -1
            )
            > 0
        )

    def forward(self, low, high, tokens, positions, segments, rows, choose, probes=None):
        """low [B, low^2, dv]: vision features. high: None, or features [B, m, dv] and their places
        in the high view [B, m]. tokens, positions, segments [B, T]: packed questions and answers.
        rows [B, n]: tokens that predict an answer. choose(layer, maps) -> cells for the next layer.
        probes[layer] [B, n]: places in the high view whose attention is wanted. Returns logits
        [B, n, V], maps {layer: [B, n, low^2]}, probed {layer: [B, heads, n]}; leaves `inner`: the
        image's tokens [B, low^2, d], and what the rows [B, n, d] are before and after the first two
        layers with high resolution look for what the question is about."""
        b, t = tokens.shape
        prefix, h = 1 + self.low**2, self.heads
        ones = torch.ones(b, 1, dtype=torch.long, device=tokens.device)
        projected = self.project(low)
        x = torch.cat([self.embed(ones), projected, self.embed(tokens)], 1)
        if high is not None:
            high, at = self.project(high[0]), high[1]
            high_cos, high_sin = (self.tables["high_" + f][at][:, None] for f in ("cos", "sin"))
            cell = self.tables["cell"][at][:, None].expand(-1, rows.shape[1], -1)
            order = torch.full((b, self.high**2 + 1), -1, device=at.device)  # padding comes last
            number = torch.arange(at.shape[1], device=at.device).expand(b, -1)
            order.scatter_(1, at % order.shape[1], number)
            probes = {  # places as indices into `high`; -1 where unknown or left out
                i: torch.where(wanted < 0, -1, order.gather(1, wanted.clamp(min=0)))
                for i, wanted in (probes or {}).items()
            }
        everywhere = torch.cat(
            [torch.arange(prefix, device=tokens.device).expand(b, -1), positions], 1
        )
        cos, sin = self.tables["cos"][everywhere][:, None], self.tables["sin"][everywhere][:, None]
        split = lambda y: y.view(b, -1, h, y.shape[-1] // h).transpose(1, 2)
        blocked = lambda keep: torch.zeros(keep.shape, dtype=x.dtype, device=x.device).masked_fill_(
            ~keep, float("-inf")
        )
        earlier = torch.ones(t, t, dtype=torch.bool, device=x.device).tril()
        packed = blocked(
            torch.cat(
                [
                    torch.ones(b, t, prefix, dtype=torch.bool, device=x.device),
                    (segments[:, :, None] == segments[:, None]) & earlier,
                ],
                2,
            )
        )
        causal = blocked(torch.ones(prefix, prefix, dtype=torch.bool, device=x.device).tril())
        answer_mask = packed.gather(1, rows[..., None].expand(-1, -1, prefix + t))
        chosen, maps, probed = None, {}, {}
        of_rows = lambda x: x[:, prefix:].gather(1, rows[..., None].expand(-1, -1, x.shape[-1]))
        for i, layer in enumerate(self.layers):
            if i == self.first + 1:
                before = of_rows(x)
            if i == self.first + 3:
                self.inner = projected, before, of_rows(x)
            y = layer.input_norm(x)
            q, k, v = split(layer.q(y)), split(layer.k(y)), split(layer.v(y))
            q, k = (
                (q * cos + rotate_half(q) * sin) * q.shape[-1] ** -0.5,
                k * cos + rotate_half(k) * sin,
            )
            d = q.shape[-1]
            image = attend(q[:, :, :prefix], k[:, :, :prefix], v[:, :, :prefix], causal)[0]
            asked = rows if i >= self.first else None
            text, seen_at, _ = attend(
                q[:, :, prefix:], k, v, packed[:, None], asked, prefix - 1
            )
            pick = rows[:, None, :, None]
            if i >= self.first:
                maps[i] = seen_at
            if chosen is not None and high is not None:
                k_hd, v_hd = split(layer.k_hd(high)), split(layer.v_hd(high))
                k_hd = k_hd * high_cos + rotate_half(k_hd) * high_sin
                seen = chosen.gather(2, cell) & (at >= 0)[:, None]
                mask = torch.cat([answer_mask, blocked(seen)], 2)[:, None]
                looking = q[:, :, prefix:].gather(2, pick.expand(-1, h, -1, d))
                wanted = probes.get(i)
                target = None if wanted is None else wanted.clamp(min=0)
                mixed, _, found = attend(
                    looking,
                    torch.cat([k, k_hd], 2),
                    torch.cat([v, v_hd], 2),
                    mask,
                    probe=None if wanted is None else target + prefix + t,
                )
                text = text.scatter(2, pick.expand(-1, h, -1, d), mixed)
                if wanted is not None:
                    seen = chosen.gather(2, cell[:, 0].gather(1, target)[..., None])[..., 0]
                    probed[i] = found, (wanted >= 0) & seen
            if i >= self.first:
                chosen = choose(i, maps[i].detach())
            x = x + layer.o(torch.cat([image, text], 2).transpose(1, 2).reshape(b, prefix + t, -1))
            y = layer.post_norm(x)
            x = x + layer.down(F.silu(layer.gate(y)) * layer.up(y))
        return self.head(self.norm(of_rows(x))), maps, probed


class _Attend(torch.autograd.Function):
    """Softmax attention by explicit products. Its gradient adds what is asked of the probabilities
    to theirs in place: autograd would fill and add arrays as large as the scores."""

    @staticmethod
    def forward(ctx, q, k, v, mask, rows, image, probe):
        p = torch.softmax((q @ k.transpose(-1, -2)).add_(mask), -1)
        ctx.save_for_backward(q, k, v, p, rows, probe)
        maps = probed = None
        if rows is not None:
            at = rows[:, None, :, None].expand(-1, q.shape[1], -1, image)
            maps = p[..., 1 : 1 + image].gather(2, at).sum(1, dtype=torch.float32)
        if probe is not None:
            probed = p[_at(p, probe)].float()
        return p @ v, maps, probed

    @staticmethod
    def backward(ctx, mixed, maps, probed):
        q, k, v, p, rows, probe = ctx.saved_tensors
        dp = mixed @ v.transpose(-1, -2)
        if rows is not None and maps is not None:
            image = dp[..., 1 : 1 + maps.shape[-1]]
            for one, at, of in zip(image, rows, maps.to(dp.dtype)):
                one.index_add_(1, at, of.expand(q.shape[1], -1, -1))
        if probe is not None and probed is not None:
            dp.index_put_(_at(dp, probe), probed.to(dp.dtype), accumulate=True)
        ds = torch._softmax_backward_data(dp, p, -1, p.dtype)
        dk, dv = ds.transpose(-1, -2) @ q, p.transpose(-1, -2) @ mixed
        return ds @ k, dk, dv, None, None, None, None


def _at(p, probe):
    """Indices of p [B, h, n, m] at the keys `probe` [B, n]."""
    b, h, n = (torch.arange(size, device=p.device) for size in p.shape[:3])
    return b[:, None, None], h[:, None], n, probe[:, None]


def attend(q, k, v, mask, rows=None, image=0, probe=None):
    """q [B, h, n, d], k and v [B, h, m, d], mask additive -> the mixture [B, h, n, d]; of the
    query rows `rows` [B, r] the attention to the `image` keys after the first, summed over heads
    [B, r, image]; of every row the attention to the key `probe` [B, n] names [B, h, n]."""
    return _Attend.apply(q, k, v, mask, rows, image, probe)
