"""State dicts that `torch.save` wrote, as zip archives or in the older format."""

import pickle
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from . import ConversionError
from .files import Tensor, open_file

# Where training scripts keep the state dict among other things.
WRAPPERS = ("state_dict", "model_state_dict", "model", "module")


def open_torch(path: Path) -> dict[str, Tensor]:
    try:
        import torch
    except ImportError:
        raise ConversionError(f"{path.name} needs PyTorch: pip install torch") from None
    open_file(path).close()
    tensors = {}
    for name, value in _state_dict(path, _load(path)).items():
        if not isinstance(value, torch.Tensor):
            raise ConversionError(
                f"{path}: {name} is no tensor; save the state dict alone, by "
                "torch.save(model.state_dict(), ...)"
            )
        is_float = value.dtype in (torch.float64, torch.float32, torch.float16, torch.bfloat16)
        tensors[name] = Tensor(
            tuple(value.shape),
            str(value.dtype).removeprefix("torch."),
            is_float,
            path.name,
            _reader(value),
        )
    return tensors


def _load(path: Path) -> Any:
    import torch

    try:
        # Only archives can be mapped; the older format is read whole.
        return torch.load(
            path, map_location="cpu", mmap=zipfile.is_zipfile(path), weights_only=True
        )
    except Exception as error:  # torch raises many kinds for a damaged file
        text = str(error)
        if named := re.search(r"GLOBAL (\S+) was not an allowed", text):
            raise ConversionError(
                f"{path} holds objects besides tensors ({named[1]}), which are not loaded for "
                "safety; save the state dict alone, by torch.save(model.state_dict(), ...)"
            ) from None
        reason = "" if isinstance(error, pickle.UnpicklingError) else text.partition("\n")[0]
        raise ConversionError(
            f"{path} is damaged or not a PyTorch file" + (f": {reason}" if reason else "")
        ) from None


def _state_dict(path: Path, value: Any) -> dict[str, Any]:
    while isinstance(value, dict):
        inner = next((value[key] for key in WRAPPERS if isinstance(value.get(key), dict)), None)
        if inner is None:
            break
        value = inner
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise ConversionError(f"{path} does not hold a state dict")
    # A model wrapped for training on several devices.
    if value and all(name.startswith("module.") for name in value):
        return {name.removeprefix("module."): tensor for name, tensor in value.items()}
    return value


def _reader(value: Any) -> Callable[[], np.ndarray]:
    return lambda: np.ascontiguousarray(value.detach().float().numpy())
