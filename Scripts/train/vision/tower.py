"""A CLIP vision tower, as the official checkpoints have it, with the heads of dense
pre-training."""

import math

import torch
import torch.nn.functional as F
from torch import nn

MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)


class _Attention(torch.autograd.Function):
    """softmax(q k^T) v by explicit products: on a CPU three times as fast, with its
    gradient, as the fused operator."""

    @staticmethod
    def forward(ctx, q, k, v):
        p = torch.softmax(torch.bmm(q, k.transpose(1, 2)), -1)
        ctx.save_for_backward(q, k, v, p)
        return torch.bmm(p, v)

    @staticmethod
    def backward(ctx, gradient):
        q, k, v, p = ctx.saved_tensors
        dp = torch._softmax_backward_data(torch.bmm(gradient, v.transpose(1, 2)), p, -1, p.dtype)
        return (
            torch.bmm(dp, k),
            torch.bmm(dp.transpose(1, 2), q),
            torch.bmm(p.transpose(1, 2), gradient),
        )


def unfold(pixels, patch: int):
    """[B, S, S, 3] -> [B, (S/p)^2, 3*p*p]: the patches row by row, each channel by channel."""
    n = pixels.shape[1] // patch
    x = pixels.view(len(pixels), n, patch, n, patch, 3).permute(0, 1, 3, 5, 2, 4)
    return x.reshape(len(pixels), n * n, 3 * patch * patch)


def position_code(grid: int, waves: int = 16):
    """[grid^2, 4 * waves]: sines and cosines of the row and of the column."""
    at = torch.arange(grid)[:, None] * 1.2 * 100.0 ** (-torch.arange(waves) / waves)
    code = torch.cat([at.sin(), at.cos()], 1)
    return torch.cat(
        [code[:, None].expand(-1, grid, -1), code[None].expand(grid, -1, -1)], 2
    ).reshape(grid**2, 4 * waves)


class VisionLayer(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = (
            self.qkv(self.ln1(x)).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        )
        if x.is_cuda:
            mixed = F.scaled_dot_product_attention(q, k, v)
        else:
            scale = (width // self.heads) ** -0.5
            mixed = _Attention.apply(
                (q * scale).flatten(0, 1), k.flatten(0, 1), v.flatten(0, 1)
            ).view(batch, self.heads, length, -1)
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        y = self.fc1(self.ln2(x))
        return x + self.fc2(y * torch.sigmoid(1.702 * y))


class VisionTower(nn.Module):
    """CLIP's vision transformer. Features are the last layer's (mm_vision_select_layer = -1)
    without the class token."""

    def __init__(
        self, grid: int = 24, patch: int = 14, width: int = 256, layers: int = 6, heads: int = 4
    ):
        super().__init__()
        self.grid, self.patch = grid, patch
        self.patch_embedding = nn.Linear(
            3 * patch * patch, width, bias=False
        )  # the checkpoint's convolution, flattened
        self.class_embedding = nn.Parameter(torch.randn(width) * 0.02)
        self.position_embedding = nn.Parameter(torch.randn(grid * grid + 1, width) * 0.02)
        self.pre_norm = nn.LayerNorm(width)
        self.layers = nn.ModuleList(VisionLayer(width, heads) for _ in range(layers))
        for name, p in self.named_parameters():
            if p.dim() == 2 and name != "position_embedding":
                into_residual = name.endswith(("out.weight", "fc2.weight"))
                nn.init.normal_(
                    p, std=p.shape[1] ** -0.5 / (math.sqrt(2 * layers) if into_residual else 1)
                )
            elif name.endswith("bias"):
                nn.init.zeros_(p)

    def patches(self, pixels):
        """[B, S, S, 3] -> [B, (S/p)^2, 3*p*p], normalised."""
        return self.normalise(unfold(pixels, self.patch))

    def normalise(self, patches):
        """[B, n, 3*p*p] of 0...255 -> the same in CLIP's colour statistics."""
        mean, std = (torch.tensor(v, device=patches.device)[:, None] for v in (MEAN, STD))
        x = (patches.view(*patches.shape[:2], 3, -1).float() / 255 - mean) / std
        return x.flatten(2).to(self.patch_embedding.weight.dtype)

    def forward(self, patches, places=None):
        """patches [B, n, 3*p*p]; `places` [B, n] are rows of the position grid (default: the whole
        grid, or its top left block)."""
        if places is None:
            side = math.isqrt(patches.shape[1])
            at = torch.arange(side, device=patches.device)
            places = (at[:, None] * self.grid + at).flatten().expand(len(patches), -1)
        x = self.patch_embedding(patches) + self.position_embedding[1 + places]
        first = (self.class_embedding + self.position_embedding[0]).expand(len(x), 1, -1)
        x = self.pre_norm(torch.cat([first, x], 1))
        for layer in self.layers:
            x = layer(x)
        return x[:, 1:]

    @torch.no_grad()
    def write_position_code(self, sample) -> None:
        """Writes a sin-cos code of the content's own size into the 64 directions in which patches
        vary least, and takes the patches' mean away. The usual N(0, .02) is 40 times too small for
        white pages: attention never becomes positional."""
        x = self.patch_embedding(sample).flatten(0, 1).float()
        mean = x.mean(0)
        _, directions = torch.linalg.eigh(torch.cov(x.T))
        code = position_code(self.grid)
        size = x.std(0).square().mean().sqrt()
        self.position_embedding[1:] += (
            code @ directions[:, : code.shape[1]].T * (size * 0.9 / 0.707) - mean
        )


class DenseHeads(nn.Module):
    """One linear read-out of the normalised features per dense target."""

    def __init__(self, width: int, classes: dict[str, tuple[int, int]], grid: int):
        super().__init__()
        self.classes = dict(classes, place=(2, grid))
        self.heads = nn.ModuleDict(
            {name: nn.Linear(width, count * size) for name, (count, size) in self.classes.items()}
        )

    def forward(self, name: str, features):
        count, size = self.classes[name]
        return self.heads[name](features).view(-1, count, size)
