"""The language model with hierarchical attention."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .backend import Array

if TYPE_CHECKING:
    from .model import EncodedImage, Model


class DecoderPass:
    """The decoder with its key-value cache, for one prompt about one image."""

    def __init__(self, model: Model, image: EncodedImage, begin: int):
        self.model, self.image = model, image
        self.begin, self.end = begin, begin + len(image.low)
        self.cache: list[tuple[Array, Array]] = []
        self.position = 0
        setting = model.setting
        self.heads = setting("flexvlm.attention.head_count")
        self.key_heads = setting("flexvlm.attention.head_count_kv")
        self.width = setting("flexvlm.rope.dimension_count")
        self.low_grid = math.isqrt(len(image.low))
        self.high_grid = math.isqrt(len(image.high))

        exponents = np.arange(0, self.width, 2, dtype=np.float32) / self.width
        frequencies = setting("flexvlm.rope.freq_base") ** -exponents
        angles = np.outer(np.arange(setting("flexvlm.context_length")), frequencies)
        angles = np.concatenate([angles, angles], 1)
        self.rotation = [model.backend.array(f(angles)) for f in (np.cos, np.sin)]
        # The high view's rotation is the low view's, enlarged: cosines and sines separately.
        enlarge = bicubic_matrix(self.low_grid, self.high_grid)
        self.high_rotation = []
        for table in (np.cos(angles), np.sin(angles)):
            low = table[self.begin : self.end].reshape(self.low_grid, self.low_grid, -1)
            high = np.einsum("iy,jx,yxd->ijd", enlarge, enlarge, low, optimize=True)
            self.high_rotation.append(model.backend.array(high.reshape(-1, self.width)))

    def forward(self, x: Array) -> tuple[np.ndarray, dict[int, str], float]:
        """[n, width] to the last row's logits, the cells each layer chose for it, and how near
        the threshold the closest of them was (on the scale of 0 to 255)."""
        tensors, backend, n = self.model.tensors, self.model.backend, len(x)
        setting = self.model.setting
        rotation = [table[self.position : self.position + n] for table in self.rotation]
        length = self.position + n
        first, chosen, cells = setting("flexvlm.selection.first_layer"), None, {}
        nearest = math.inf
        future = np.arange(length) > np.arange(self.position, length)[:, None]
        mask = backend.array(np.where(future, np.float32(-1e30), np.float32(0)))
        for layer in range(setting("flexvlm.block_count")):
            name = f"blk.{layer}."
            z = self.rms_norm(x, name + "attn_norm.weight")
            q = self.rotate(self.project(z, name + "attn_q", self.heads), rotation)
            k = self.rotate(self.project(z, name + "attn_k", self.key_heads), rotation)
            v = self.project(z, name + "attn_v", self.key_heads)
            if self.position:
                k = backend.concatenate([self.cache[layer][0], k], 1)
                v = backend.concatenate([self.cache[layer][1], v], 1)
                self.cache[layer] = (k, v)
            else:
                self.cache.append((k, v))
            k, v = self.repeat(k), self.repeat(v)
            scores = q @ k.swapaxes(1, 2) * self.width**-0.5 + mask
            weights = backend.softmax(scores)
            mixed = weights @ v
            if chosen is not None:
                last = self.attend_high(name, q[:, -1:], scores[:, -1:], v, chosen)
                mixed = backend.concatenate([mixed[:, :-1], last], 1)
            x = x + mixed.swapaxes(0, 1).reshape(n, -1) @ tensors[name + "attn_output.weight"].T
            if layer >= first:
                row = weights[:, -1, self.begin : self.end].sum(axis=0)
                levels = self.cell_levels(backend.numpy(row)) - setting(
                    "flexvlm.selection.threshold"
                )
                cells[layer] = "".join("01"[int(on)] for on in (levels > 0).ravel())
                nearest = min(nearest, float(np.abs(levels).min()))
                chosen = self.tokens_of(levels > 0)
            z = self.rms_norm(x, name + "ffn_norm.weight")
            gate = z @ tensors[name + "ffn_gate.weight"].T
            gate = gate * backend.sigmoid(gate) * (z @ tensors[name + "ffn_up.weight"].T)
            x = x + gate @ tensors[name + "ffn_down.weight"].T
        self.position = length
        last = self.rms_norm(x[-1:], "output_norm.weight")
        output = tensors.get("output.weight", tensors["token_embd.weight"])
        return backend.numpy((last @ output.T)[0]), cells, nearest

    def attend_high(
        self, name: str, q: Array, scores: Array, v: Array, chosen: np.ndarray
    ) -> Array:
        """The last row again: one softmax over the ordinary keys and those of the cells."""
        features = self.image.high[chosen]
        rotation = [table[chosen] for table in self.high_rotation]
        k_high = self.rotate(self.project(features, name + "attn_k_hd", self.key_heads), rotation)
        v_high = self.project(features, name + "attn_v_hd", self.key_heads)
        high = q @ self.repeat(k_high).swapaxes(1, 2) * self.width**-0.5
        concatenate = self.model.backend.concatenate
        weights = self.model.backend.softmax(concatenate([scores, high], 2))
        return weights @ concatenate([v, self.repeat(v_high)], 1)

    def cell_levels(self, row: np.ndarray) -> np.ndarray:
        """An attention row over the low view as [grid, grid] cells from 0 to 255: margins off,
        min-max, max-pool. A flat map gives NaN, which is above no threshold."""
        n, (width, height) = self.low_grid, self.image.size
        map = row.reshape(n, n).copy()
        margin = int((abs(width - height) // 2) / max(width, height) * n)
        if margin:
            bars = map if width > height else map.T
            bars[:margin] = bars[-margin:] = 0
        with np.errstate(invalid="ignore"):
            map = (map - map.min()) / (map.max() - map.min()) * np.float32(255)
        grid = self.model.setting("flexvlm.selection.grid")
        bins = [slice(i * n // grid, -(-(i + 1) * n // grid)) for i in range(grid)]
        return np.array([[map[rows, columns].max() for columns in bins] for rows in bins])

    def tokens_of(self, cells: np.ndarray) -> np.ndarray:
        """Indices of the high tokens in the chosen cells (nearest neighbour)."""
        grid, n = len(cells), self.high_grid
        scale = np.float32(grid) / np.float32(n)
        index = np.minimum((np.arange(n, dtype=np.float32) * scale).astype(int), grid - 1)
        return np.flatnonzero(cells[index][:, index])

    def project(self, x: Array, name: str, heads: int) -> Array:
        """[n, width] to [heads, n, head width]."""
        weight = self.model.tensors[name + ".weight"]
        return (x @ weight.T).reshape(len(x), heads, self.width).swapaxes(0, 1)

    def repeat(self, x: Array) -> Array:
        """Key heads to query heads."""
        index = np.arange(self.heads) // (self.heads // self.key_heads)
        return x if self.heads == self.key_heads else x[index]

    def rotate(self, x: Array, rotation: list[Array]) -> Array:
        half = self.width // 2
        turned = self.model.backend.concatenate([-x[..., half:], x[..., :half]], -1)
        return x * rotation[0] + turned * rotation[1]

    def rms_norm(self, x: Array, name: str) -> Array:
        epsilon = self.model.setting("flexvlm.attention.layer_norm_rms_epsilon")
        scale = ((x * x).mean(axis=-1, keepdims=True) + epsilon) ** -0.5
        return x * scale * self.model.tensors[name]


def bicubic_matrix(n_in: int, n_out: int, a: float = -0.75) -> np.ndarray:
    """[n_out, n_in]: bicubic without antialiasing, as torch interpolates; the border repeats."""
    matrix = np.zeros((n_out, n_in), np.float32)
    for i in range(n_out):
        centre = n_in / n_out * (i + 0.5) - 0.5
        for tap in range(math.floor(centre) - 1, math.floor(centre) + 3):
            d = abs(centre - tap)
            if d <= 1:
                weight = ((a + 2) * d - (a + 3)) * d * d + 1
            else:
                weight = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
            matrix[i, min(max(tap, 0), n_in - 1)] += weight
    return matrix
