#!/usr/bin/env python3
"""Makes Tests/FlexVLMTests/Fixtures/types: what gguf-py and ggml make of the same numbers.

  python3 Scripts/make_type_fixtures.py LIBGGML

LIBGGML is a shared library that exports ggml_quantize_chunk, such as libggml-base.so of llama.cpp:
gguf-py widens every type, but packs only those without K. Of a type T the file holds T.packed (what
`input` becomes), T.blocks (random bytes under sane scales) and T.values (the numbers they stand for).
"""

import ctypes
import json
import sys
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type

OUTPUT = Path(__file__).parent.parent / "Tests/FlexVLMTests/Fixtures/types"
TYPES = ["F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"]
# Where in a block half-precision numbers stand.
HALVES = {"Q4_1": [0, 2], "Q5_1": [0, 2], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}
COLUMNS, BLOCKS = 256, 1024


def hard_rows() -> np.ndarray:
    """Rows on which roundings and searches differ: nothing, ties, one sign, outliers, tiny scales."""
    random = np.random.default_rng(21)
    rows = random.normal(0, 1, (20, COLUMNS)).astype(np.float32)
    rows[0] = 0
    rows[1] = 0.25
    rows[2] = -0.25
    rows[3] = np.abs(rows[3])
    rows[4] = -np.abs(rows[4])
    rows[5] *= 1e-6
    rows[6, ::37] *= 40
    rows[7] *= 1e3
    rows[8] = random.laplace(0, 0.02, COLUMNS)
    rows[9, :128] = 0
    rows[10] = np.round(rows[10] * 4) / 8
    rows[11] = random.uniform(0, 1, COLUMNS) ** 6
    rows[12] *= 1e-20
    rows[13, :32] = 0
    rows[13, 32:64] = 1e-9
    return rows


def random_blocks(name: str, size: int, count: int) -> np.ndarray:
    random = np.random.default_rng(len(name) + size)
    blocks = random.integers(0, 256, (count, size)).astype(np.uint8)
    for offset in HALVES.get(name, [0]):
        scales = random.normal(0, 1, count).astype(np.float16)
        blocks[:, offset : offset + 2] = scales.view(np.uint8).reshape(-1, 2)
    return blocks


def main() -> int:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    ggml = ctypes.CDLL(sys.argv[1])
    pointer, count = ctypes.c_void_p, ctypes.c_int64
    ggml.ggml_quantize_chunk.argtypes = [
        ctypes.c_int, pointer, pointer, count, count, count, pointer
    ]  # fmt: skip
    rows = hard_rows()
    tensors: dict[str, np.ndarray] = {"input": rows}
    for name in TYPES:
        type = Type[name]
        block, size = gguf.GGML_QUANT_SIZES[type]
        packed = np.zeros((rows.size // block, size), np.uint8)
        ggml.ggml_quantize_chunk(
            int(type), rows.ctypes.data, packed.ctypes.data, 0, *rows.shape, None
        )
        if not name.endswith("_K"):
            theirs = gguf.quantize(rows, type).view(np.uint8).reshape(packed.shape)
            assert (theirs == packed).all(), f"gguf-py and ggml differ in {name}"
        tensors[f"{name}.packed"] = packed
        if block > 1:
            blocks = random_blocks(name, size, BLOCKS // block)
            tensors[f"{name}.blocks"] = blocks
            tensors[f"{name}.values"] = gguf.dequantize(blocks, type)
    OUTPUT.mkdir(exist_ok=True)
    write_safetensors(OUTPUT / "types.safetensors", tensors)
    return 0


def write_safetensors(path: Path, tensors: dict[str, np.ndarray]) -> None:
    header, data = {}, b""
    for name, values in tensors.items():
        kind = {"uint8": "U8", "float32": "F32"}[str(values.dtype)]
        end = len(data) + values.nbytes
        shape = list(values.shape)
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), end]}
        data += values.tobytes()
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


if __name__ == "__main__":
    sys.exit(main())
