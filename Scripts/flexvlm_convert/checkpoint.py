"""Tensors of a checkpoint directory by name, read one at a time.

Safetensors are read here rather than through the package because numpy has no bfloat16, and
because the offsets are wanted: a memory map then gives each tensor without touching the others.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import ConversionError

STORED_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
MAX_HEADER_BYTES = 100_000_000


@dataclass(frozen=True)
class Tensor:
    """A tensor that has not been read yet."""

    shape: tuple[int, ...]
    file: str
    read: Callable[[], np.ndarray]  # float32, C order


def read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConversionError(f"{path} does not exist") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ConversionError(f"{path} is not readable JSON: {error}") from None
    if not isinstance(value, dict):
        raise ConversionError(f"{path} should hold a JSON object")
    return value


def open_checkpoint(directory: Path) -> dict[str, Tensor]:
    """All tensors of a directory; safetensors are preferred over pytorch_model*.bin."""
    for stem, suffix, opener in (
        ("model", "safetensors", _open_safetensors),
        ("pytorch_model", "bin", _open_torch),
    ):
        index = directory / f"{stem}.{suffix}.index.json"
        if index.exists():
            paths = _indexed_shards(index)
        else:
            paths = sorted(directory.glob(f"{stem}*.{suffix}"))
        if not paths:
            continue
        tensors: dict[str, Tensor] = {}
        for path in paths:
            for name, tensor in opener(path).items():
                if name in tensors:
                    raise ConversionError(
                        f"tensor {name} is in both {tensors[name].file} and {path.name}"
                    )
                tensors[name] = tensor
        return tensors
    raise ConversionError(f"{directory} has no model*.safetensors and no pytorch_model*.bin")


def has_weights(directory: Path) -> bool:
    return any(directory.glob("model*.safetensors")) or any(directory.glob("pytorch_model*.bin"))


def _indexed_shards(index: Path) -> list[Path]:
    weight_map = read_json(index).get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map:
        raise ConversionError(f"{index} has no weight_map")
    paths = [index.parent / name for name in sorted(set(map(str, weight_map.values())))]
    absent = [path.name for path in paths if not path.exists()]
    if absent:
        raise ConversionError(f"{index} names files that are absent: {', '.join(absent)}")
    return paths


def _open_safetensors(path: Path) -> dict[str, Tensor]:
    def damaged(reason: str) -> ConversionError:
        return ConversionError(f"{path} is damaged: {reason}; fetch it again")

    size = path.stat().st_size
    with path.open("rb") as file:
        header_size = int.from_bytes(file.read(8), "little")
        if size < 8 or header_size > min(size - 8, MAX_HEADER_BYTES):
            raise damaged(f"its header does not fit in {size} bytes")
        try:
            header = json.loads(file.read(header_size))
        except ValueError as error:
            raise damaged(f"its header is not JSON ({error})") from None

    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        try:
            kind, shape = entry["dtype"], tuple(entry["shape"])
            begin, end = entry["data_offsets"]
            sane = all(isinstance(n, int) and n >= 0 for n in (*shape, begin, end))
        except (KeyError, TypeError, ValueError):
            sane = False
        if not sane:
            raise damaged(f"the entry of {name} is malformed")
        if 8 + header_size + end > size:
            raise damaged(f"it is truncated: {name} ends at byte {8 + header_size + end} of {size}")
        stored = STORED_TYPES.get(kind)
        if stored and math.prod(shape) * np.dtype(stored).itemsize != end - begin:
            raise damaged(f"{name} has shape {list(shape)} {kind} but {end - begin} bytes")
        tensors[name] = Tensor(
            shape, path.name, _safetensors_reader(path, name, kind, shape, 8 + header_size + begin)
        )
    return tensors


def _safetensors_reader(
    path: Path, name: str, kind: str, shape: tuple[int, ...], offset: int
) -> Callable[[], np.ndarray]:
    def read() -> np.ndarray:
        if kind not in STORED_TYPES:
            raise ConversionError(f"{path}: tensor {name} has type {kind}; only floats are known")
        data = np.memmap(path, STORED_TYPES[kind], "r", offset, shape)
        if kind == "BF16":
            return (data.astype(np.uint32) << 16).view(np.float32)
        return data.astype(np.float32)

    return read


def _open_torch(path: Path) -> dict[str, Tensor]:
    try:
        import torch
    except ImportError:
        raise ConversionError(f"{path.name} needs PyTorch: pip install torch") from None
    try:
        state = torch.load(path, map_location="cpu", mmap=True, weights_only=True)
    except Exception as error:  # torch raises many kinds for a damaged archive
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ConversionError(f"{path} is damaged or not a PyTorch archive: {reason}") from None

    def reader(value: Any) -> Callable[[], np.ndarray]:
        return lambda: value.float().numpy()

    return {name: Tensor(tuple(t.shape), path.name, reader(t)) for name, t in state.items()}
