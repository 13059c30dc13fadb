"""The low and the high view of an image, and their features."""

import torch
import torch.nn.functional as F

from model import unfold


def shrink(pixels, size: int):
    """[B, S, S, 3] uint8 -> [B, size, size, 3], float and not rounded (ALGORITHM 2.3)."""
    planes = pixels.permute(0, 3, 1, 2).float()
    small = F.interpolate(planes, size=size, mode="bilinear", antialias=True)
    return small.permute(0, 2, 3, 1)


def high_crops(pixels, low: int):
    """[B, S, S, 3] -> all crops [B*zoom^2, low, low, 3], row by row of each image."""
    b, side = pixels.shape[:2]
    zoom = side // low
    tiles = pixels.view(b, zoom, low, zoom, low, 3).permute(0, 1, 3, 2, 4, 5)
    return tiles.reshape(b * zoom * zoom, low, low, 3)


def encode(tower, pixels, low: int, patches: int | None = 0):
    """Features of the low view [B, n, d]; of the high view, features [B, m, d] and their places in
    it [B, m]: of all its patches (0), of `patches` of every crop, those with the most contrast, or
    nothing (None)."""
    low_features = tower(tower.patches(shrink(pixels, low)))
    if patches is None:
        return low_features, None
    b, side = pixels.shape[:2]
    zoom, n = side // low, low // tower.patch
    crops = high_crops(pixels, low)
    if patches:
        features, chosen = some_patches(tower, crops, patches)
    else:
        features = all_patches(tower, crops)
        chosen = torch.arange(n * n, device=pixels.device).expand(len(crops), -1)
    corner = torch.arange(zoom, device=pixels.device) * n
    corner = (corner[:, None] * zoom * n + corner).flatten().repeat(b)[:, None]
    at = corner + chosen // n * zoom * n + chosen % n
    return low_features, (features.reshape(b, -1, features.shape[2]), at.view(b, -1))


def all_patches(tower, crops):
    """Features of whole crops; those of one colour (padding) are computed once."""
    flat = crops.flatten(1, 2)
    blank = (flat == flat[:, :1]).all(2).all(1)
    number = torch.arange(len(crops), device=crops.device)
    _, where = torch.unique(torch.where(blank, -1, number), return_inverse=True)
    first = torch.full((int(where.max()) + 1,), len(crops), device=crops.device)
    first = first.scatter_reduce(0, where, number, "amin")
    return tower(tower.patches(crops[first]))[where]


def some_patches(tower, crops, count: int):
    """Features [n, count, d] of every crop's patches with the most contrast, and which they are."""
    patches = unfold(crops, tower.patch)
    contrast = patches.amax(2).float() - patches.amin(2)
    tie = torch.rand(contrast.shape, device=crops.device)
    chosen = (contrast + tie).topk(count, dim=1).indices.sort(1).values
    kept = patches.gather(1, chosen[..., None].expand(-1, -1, patches.shape[2]))
    return tower(tower.normalise(kept), chosen), chosen
