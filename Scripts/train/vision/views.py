"""The low and the high view of an image, and their features."""

import torch
import torch.nn.functional as F

from vision.tower import unfold


def shrink(pixels, size: int):
    """[B, S, S, 3] uint8 -> [B, size, size, 3], float and not rounded (Algorithm 2.4)."""
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
    it [B, m]: of all its patches (0), of at most `patches` of every crop, or nothing (None). A place
    of -1 is padding, where other images have more."""
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
    at = torch.where(chosen < 0, -1, corner + chosen // n * zoom * n + chosen % n).view(b, -1)
    features = features.reshape(b, -1, features.shape[2])
    if patches:  # padding comes last, no more of it than the image with most patches needs
        kept = (at < 0).int().sort(dim=1, stable=True).indices[:, : (at >= 0).sum(1).max()]
        features, at = rows_of(features, kept), at.gather(1, kept)
    return low_features, (features, at)


def rows_of(values, chosen):
    """values [n, t, d], chosen [n, k] -> [n, k, d]"""
    return values.gather(1, chosen[..., None].expand(-1, -1, values.shape[2]))


def all_patches(tower, crops):
    """Features of whole crops; those of one colour (padding) are computed once."""
    flat = crops.flatten(1, 2)
    blank = (flat == flat[:, :1]).all(2).all(1)
    number = torch.arange(len(crops), device=crops.device)
    _, where = torch.unique(torch.where(blank, -1, number), return_inverse=True)
    first = torch.full((int(where.max()) + 1,), len(crops), device=crops.device)
    first = first.scatter_reduce(0, where, number, "amin")
    return tower(tower.patches(crops[first]))[where]


def some_patches(tower, crops, most: int):
    """Features [n, most, d] of every crop's patches with the most contrast, and which they are
    [n, most]: all of its written patches, if there are not more, and some blank ones. The rest is
    padding, -1."""
    patches = unfold(crops, tower.patch)
    colors = patches.unflatten(2, (3, -1))
    contrast = (colors.amax(3).float() - colors.amin(3)).amax(2)
    tie = torch.rand(contrast.shape, device=crops.device)
    order = (contrast + tie).topk(most, dim=1).indices
    sizes = [most // 6, most // 3, most * 2 // 3, most]  # crops of one size go through together
    room = torch.tensor(sizes[:-1], device=crops.device)
    bucket = torch.bucketize((contrast > 16).sum(1) + 8, room)
    number, features, places = [], [], []
    for i, size in enumerate(sizes):
        of = (bucket == i).nonzero()[:, 0]
        if not len(of):
            continue
        chosen = order[of, :size].sort(1).values
        kept = tower(tower.normalise(rows_of(patches[of], chosen)), chosen)
        number.append(of)
        features.append(F.pad(kept, (0, 0, 0, most - size)))
        places.append(F.pad(chosen, (0, most - size), value=-1))
    back = torch.cat(number).argsort()
    return torch.cat(features)[back], torch.cat(places)[back]
