"""Files of a checkpoint as bytes and as JSON, and the tensors that their formats yield."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from . import ConversionError

LFS_POINTER = b"version https://git-lfs"


@dataclass(frozen=True)
class Tensor:
    """A tensor that has not been read yet."""

    shape: tuple[int, ...]
    type: str  # as the file names it
    is_float: bool  # of 16 bits or more
    file: str
    read: Callable[[], np.ndarray]  # float32, C order


def open_file(path: Path) -> BinaryIO:
    """The file, open at its start; a Git LFS pointer in its place is refused."""
    file = path.open("rb")
    if file.read(len(LFS_POINTER)) == LFS_POINTER:
        file.close()
        raise ConversionError(
            f"{path} is a Git LFS pointer, not the file itself: run 'git lfs pull' in {path.parent}"
        )
    file.seek(0)
    return file


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object in UTF-8, UTF-16 or UTF-32, with or without a byte order mark."""
    try:
        with open_file(path) as file:
            value = json.loads(file.read())
    except FileNotFoundError:
        raise ConversionError(f"{path} does not exist") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ConversionError(f"{path} is not readable JSON: {error}") from None
    if not isinstance(value, dict):
        raise ConversionError(f"{path} should hold a JSON object")
    return value
