"""LLaVA-1.5 of random weights in llama.cpp's two files."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fixtures.llama_files import clip_writer, finish

PATCHES, SIDE, PATCH = 576, 336, 14
VOCABULARY = 32000
FILE_TYPES = {"F16": 1, "BF16": 32, "Q8_0": 7, "Q4_0": 2}  # llama.cpp's numbers


@dataclass(frozen=True)
class Sizes:
    width: int
    inner: int
    heads: int
    layers: int
    tower_width: int = 1024
    tower_inner: int = 4096
    tower_heads: int = 16
    tower_layers: int = 24


SIZES = {"llava-7b": Sizes(4096, 11008, 32, 32), "llava-13b": Sizes(5120, 13824, 40, 40)}


def random_rows(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Rows repeat after 64: making them would take longer than running them."""
    made = (min(shape[0], 64), *shape[1:])
    scale = 1 / np.sqrt(np.prod(shape[1:], dtype=float))
    rows = np.random.default_rng(seed).standard_normal(made, np.float32) * np.float32(scale)
    return np.resize(rows, shape)


def add_random(writer, name: str, shape: tuple[int, ...], type_name: str) -> None:
    import gguf

    kind = gguf.GGMLQuantizationType[type_name]
    packed = gguf.quantize(random_rows(shape, len(name)), kind)
    plain = packed.dtype in (np.float16, np.float32)
    writer.add_tensor(name, packed, raw_dtype=None if plain else kind)


def write_language(path: Path, sizes: Sizes, layers: int, type_name: str) -> None:
    import gguf

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("random LLaVA-1.5")
    writer.add_context_length(8192)
    writer.add_embedding_length(sizes.width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(sizes.inner)
    writer.add_rope_dimension_count(sizes.width // sizes.heads)
    writer.add_head_count(sizes.heads)
    writer.add_head_count_kv(sizes.heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(VOCABULARY)
    writer.add_file_type(FILE_TYPES[type_name])
    words = VOCABULARY - 259
    writer.add_tokenizer_model("llama")
    writer.add_token_list(
        [b"<unk>", b"<s>", b"</s>", *(b"<0x%02X>" % i for i in range(256)),
         *(b"word%d" % i for i in range(words))]
    )  # fmt: skip
    writer.add_token_scores([0.0] * 259 + [-float(i) for i in range(words)])
    writer.add_token_types([2, 3, 3] + [6] * 256 + [1] * words)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)

    def add(name: str, *shape: int) -> None:
        add_random(writer, name, shape, type_name)

    width, inner = sizes.width, sizes.inner
    add("token_embd.weight", VOCABULARY, width)
    for layer in range(layers):
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            add(f"blk.{layer}.{part}.weight", width, width)
        for part in ("ffn_gate", "ffn_up"):
            add(f"blk.{layer}.{part}.weight", inner, width)
        add(f"blk.{layer}.ffn_down.weight", width, inner)
        for part in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{part}.weight", np.ones(width, np.float32))
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    add("output.weight", VOCABULARY, width)
    finish(writer)


def write_tower(path: Path, sizes: Sizes, layers: int, type_name: str) -> None:
    width, inner = sizes.tower_width, sizes.tower_inner
    writer = clip_writer(
        path, file_type=FILE_TYPES[type_name], projector="mlp", side=SIDE, patch=PATCH, width=width,
        inner=inner, heads=sizes.tower_heads, projection=768,
    )  # fmt: skip
    writer.add_uint32("clip.vision.block_count", layers)

    def add(name: str, *shape: int) -> None:
        add_random(writer, name, shape, "F16")

    def add_product(name: str, *shape: int) -> None:
        add_random(writer, name, shape, type_name)

    def add_vector(name: str, size: int, value: float) -> None:
        writer.add_tensor(name, np.full(size, value, np.float32))

    add_vector("v.class_embd", width, 0.1)
    add("v.patch_embd.weight", width, 3, PATCH, PATCH)
    add("v.position_embd.weight", PATCHES + 1, width)
    shapes = {"attn_q": (width, width), "attn_k": (width, width), "attn_v": (width, width),
              "attn_out": (width, width), "ffn_up": (inner, width), "ffn_down": (width, inner)}  # fmt: skip
    norms = ["v.pre_ln", *(f"v.blk.{i}.ln{n}" for i in range(layers) for n in (1, 2))]
    for norm in norms:
        add_vector(f"{norm}.weight", width, 1)
        add_vector(f"{norm}.bias", width, 0)
    for layer in range(layers):
        for part, shape in shapes.items():
            add_product(f"v.blk.{layer}.{part}.weight", *shape)
            add_vector(f"v.blk.{layer}.{part}.bias", shape[0], 0)
    for part, inputs in ((0, width), (2, sizes.width)):
        add_product(f"mm.{part}.weight", sizes.width, inputs)
        add_vector(f"mm.{part}.bias", sizes.width, 0)
    finish(writer)
