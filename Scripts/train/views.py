"""The low and the high view of an image, and their features."""

import torch
import torch.nn.functional as F


def views(pixels, low: int):
    """[B, S, S, 3] uint8 -> the low views [B, low, low, 3] (float, not rounded, ALGORITHM 2.3) and
    all crops [B*zoom^2, low, low, 3], row-major per image."""
    b, side = pixels.shape[:2]
    zoom = side // low
    small = F.interpolate(
        pixels.permute(0, 3, 1, 2).float(), size=low, mode="bilinear", antialias=True
    )
    small = small.permute(0, 2, 3, 1)
    crops = (
        pixels.view(b, zoom, low, zoom, low, 3)
        .permute(0, 1, 3, 2, 4, 5)
        .reshape(b * zoom * zoom, low, low, 3)
    )
    return small, crops


def encode(tower, pixels, low: int):
    """Features of the low view [B, n, d] and, reassembled row-major, of the high view [B,
    n*zoom^2, d]. Crops of one colour (padding) are computed once."""
    b, side = pixels.shape[:2]
    zoom = side // low
    small, crops = views(pixels, low)
    flat = crops.flatten(1)
    blank = (flat.view(len(crops), -1, 3) == flat.view(len(crops), -1, 3)[:, :1]).all(2).all(1)
    _, where = torch.unique(
        torch.where(blank, -1, torch.arange(len(crops), device=crops.device)), return_inverse=True
    )
    first = torch.full((int(where.max()) + 1,), len(crops), device=crops.device).scatter_reduce(
        0, where, torch.arange(len(crops), device=crops.device), "amin"
    )
    out = tower(torch.cat([tower.patches(small), tower.patches(crops[first])]))
    n = round(out.shape[1] ** 0.5)
    high = (
        out[b:][where]
        .view(b, zoom, zoom, n, n, -1)
        .permute(0, 1, 3, 2, 4, 5)
        .reshape(b, (zoom * n) ** 2, -1)
    )
    return out[:b], high
