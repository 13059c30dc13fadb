"""The few operations that numpy and PyTorch spell differently."""

import math
from typing import Any

import numpy as np

Array = Any  # np.ndarray or torch.Tensor: both know @, reshape, swapaxes and mean(axis, keepdims)


class NumpyBackend:
    def array(self, values: np.ndarray) -> Array:
        return np.ascontiguousarray(values, np.float32)

    def concatenate(self, parts: list[Array], axis: int) -> Array:
        return np.concatenate(parts, axis)

    def softmax(self, scores: Array) -> Array:
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return weights / weights.sum(axis=-1, keepdims=True)

    def sigmoid(self, x: Array) -> Array:
        return 1 / (1 + np.exp(-x))

    def gelu(self, x: Array) -> Array:
        # erf by Abramowitz and Stegun 7.1.26: within 1.5e-7 of exact.
        z = np.abs(x) * np.float32(math.sqrt(0.5))
        t = 1 / (1 + np.float32(0.3275911) * z)
        series = np.float32(0)
        for coefficient in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
            series = (series + np.float32(coefficient)) * t
        erf = np.sign(x) * (1 - series * np.exp(-z * z))
        return np.float32(0.5) * x * (1 + erf)

    def numpy(self, x: Array) -> np.ndarray:
        return x


class TorchBackend:
    def __init__(self) -> None:
        import torch

        torch.set_grad_enabled(False)
        self.torch = torch

    def array(self, values: np.ndarray) -> Array:
        return self.torch.from_numpy(np.array(values, np.float32, order="C"))

    def concatenate(self, parts: list[Array], axis: int) -> Array:
        return self.torch.cat(parts, axis)

    def softmax(self, scores: Array) -> Array:
        return self.torch.softmax(scores, -1)

    def sigmoid(self, x: Array) -> Array:
        return self.torch.sigmoid(x)

    def gelu(self, x: Array) -> Array:
        return self.torch.nn.functional.gelu(x)

    def numpy(self, x: Array) -> np.ndarray:
        return x.numpy()


BACKENDS = {"numpy": NumpyBackend, "torch": TorchBackend}
