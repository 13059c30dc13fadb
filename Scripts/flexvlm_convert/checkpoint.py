"""Tensors of a checkpoint directory by name, read one at a time.

Safetensors are read here rather than through the package because numpy has no bfloat16, and
because the offsets are wanted: a memory map then gives each tensor without touching the others.
"""

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from . import ConversionError, unsuitable
from .files import Tensor, open_file, read_json
from .torch_file import open_torch

STORED_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
MAX_HEADER_BYTES = 100_000_000


def open_checkpoint(directory: Path) -> dict[str, Tensor]:
    """All tensors of a directory; safetensors are preferred over pytorch_model*.bin."""
    for stem, suffix, opener in (
        ("model", "safetensors", _open_safetensors),
        ("pytorch_model", "bin", open_torch),
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
        unsuitable.check(directory, tensors)
        return tensors
    raise unsuitable.no_weights(directory)


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
    with open_file(path) as file:
        header_size = int.from_bytes(file.read(8), "little")
        if size < 8 or header_size > min(size - 8, MAX_HEADER_BYTES):
            raise damaged(f"its header does not fit in {size} bytes")
        try:
            entries = json.loads(file.read(header_size)).items()
        except (ValueError, AttributeError, RecursionError) as error:
            raise damaged(f"its header is not a JSON object ({error})") from None

    tensors = {}
    for name, entry in entries:
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
        reader = _safetensors_reader(path, kind, shape, 8 + header_size + begin)
        tensors[name] = Tensor(shape, kind, stored is not None, path.name, reader)
    return tensors


def _safetensors_reader(
    path: Path, kind: str, shape: tuple[int, ...], offset: int
) -> Callable[[], np.ndarray]:
    def read() -> np.ndarray:
        data = np.memmap(path, STORED_TYPES[kind], "r", offset, shape)
        if kind == "BF16":
            return (data.astype(np.uint32) << 16).view(np.float32)
        return data.astype(np.float32)

    return read
