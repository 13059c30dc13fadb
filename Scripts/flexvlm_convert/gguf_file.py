"""Writes configuration, vocabulary and tensors as GGUF, one tensor in memory at a time."""

import math
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type
from tqdm import tqdm

from . import ConversionError
from .model_config import ModelConfig
from .tensor_map import Target
from .tokenizer import Vocabulary

OUTPUT_TYPES = {"f32": Type.F32, "f16": Type.F16, "bf16": Type.BF16, "q8_0": Type.Q8_0}
FILE_TYPES = {Type.F32: 0, Type.F16: 1, Type.Q8_0: 7, Type.BF16: 32}
# What a file may tell about itself, as gguf-py's keys are called.
ABOUT = ("license", "author", "url", "description")
ALWAYS_F32 = ("v.class_embd", "v.position_embd.weight")


def stored_type(target: Target, wanted: Type) -> Type:
    """Vectors and embeddings that are added stay F32; Q8_0 needs rows of whole 32-blocks."""
    if len(target.shape) == 1 or target.name in ALWAYS_F32:
        return Type.F32
    if wanted == Type.Q8_0 and target.shape[-1] % 32:
        return Type.F16
    return wanted


def stored_bytes(shape: tuple[int, ...], type: Type) -> int:
    block, size = gguf.GGML_QUANT_SIZES[type]
    return math.prod(shape) // block * size


def encode(name: str, values: np.ndarray, type: Type) -> np.ndarray:
    if not np.isfinite(values).all():
        raise ConversionError(f"tensor {name} holds infinite values or NaN")
    if type == Type.F16 and np.abs(values).max(initial=0) > np.finfo(np.float16).max:
        raise ConversionError(f"tensor {name} exceeds the range of F16: take --outtype bf16 or f32")
    return gguf.quantize(values, type)


def write(
    output: Path,
    name: str,
    about: dict[str, str | None],
    config: ModelConfig,
    vocabulary: Vocabulary,
    targets: list[Target],
    read: Callable[[str], np.ndarray],
    wanted: Type,
) -> None:
    """Writes beside `output` under a temporary name, and renames it when it is complete."""
    plan = [(target, stored_type(target, wanted)) for target in targets]
    total = sum(stored_bytes(target.shape, type) for target, type in plan)
    free = shutil.disk_usage(output.parent).free
    if total > free:
        raise ConversionError(f"{output.parent} has {free:,} bytes free; {total:,} are needed")

    partial = output.with_name(f".{output.name}.{os.getpid()}.partial")
    writer = gguf.GGUFWriter(partial, "flexvlm")
    try:
        _add_metadata(writer, name, config, wanted)
        for key, text in about.items():
            if text:
                writer.add_string(f"general.{key}", text)
        add_vocabulary(writer, vocabulary)
        for target, type in plan:
            _add_tensor_info(writer, target, type)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        with tqdm(total=total, unit="B", unit_scale=True, desc=output.name, disable=None) as bar:
            for target, type in plan:
                data = encode(target.source, read(target.source), type)
                writer.write_tensor_data(data)
                bar.update(data.nbytes)
        writer.close()
        os.replace(partial, output)
    finally:
        writer.close()
        partial.unlink(missing_ok=True)


def _add_tensor_info(writer: gguf.GGUFWriter, target: Target, type: Type) -> None:
    size = stored_bytes(target.shape, type)
    if type in (Type.F32, Type.F16):
        dtype = np.dtype(np.float32 if type == Type.F32 else np.float16)
        writer.add_tensor_info(target.name, target.shape, dtype, size)
    else:  # the writer takes the shape of packed types in bytes
        packed = gguf.quant_shape_to_byte_shape(target.shape, type)
        writer.add_tensor_info(target.name, packed, np.dtype(np.uint8), size, type)


def _add_metadata(writer: gguf.GGUFWriter, name: str, config: ModelConfig, wanted: Type) -> None:
    language, vision, high = config.language, config.vision, config.high
    writer.add_name(name)
    writer.add_file_type(FILE_TYPES[wanted])
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)

    writer.add_uint32("flexvlm.vocab_size", language.vocabulary)
    writer.add_uint32("flexvlm.context_length", language.context)
    writer.add_uint32("flexvlm.embedding_length", language.width)
    writer.add_uint32("flexvlm.block_count", language.layers)
    writer.add_uint32("flexvlm.feed_forward_length", language.feed_forward)
    writer.add_uint32("flexvlm.attention.head_count", language.heads)
    writer.add_uint32("flexvlm.attention.head_count_kv", language.key_value_heads)
    writer.add_float32("flexvlm.attention.layer_norm_rms_epsilon", language.rms_epsilon)
    writer.add_float32("flexvlm.rope.freq_base", language.rope_base)
    writer.add_uint32("flexvlm.rope.dimension_count", language.head_width)

    writer.add_string("clip.projector_type", "mlp")
    writer.add_bool("clip.use_gelu", False)
    writer.add_uint32("clip.vision.image_size", vision.native_size)
    writer.add_uint32("clip.vision.patch_size", vision.patch)
    writer.add_uint32("clip.vision.embedding_length", vision.width)
    writer.add_uint32("clip.vision.feed_forward_length", vision.feed_forward)
    writer.add_uint32("clip.vision.block_count", vision.layers)
    writer.add_uint32("clip.vision.attention.head_count", vision.heads)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", vision.epsilon)
    writer.add_uint32("clip.vision.projection_dim", language.width)
    writer.add_array("clip.vision.image_mean", vision.mean)
    writer.add_array("clip.vision.image_std", vision.std)

    writer.add_string("flexvlm.prompt_template", config.prompt_template)
    if config.spells_answers:
        writer.add_bool("flexvlm.spells_answers", True)
    writer.add_int32("flexvlm.vision.select_layer", vision.select_layer)
    writer.add_string("flexvlm.vision.image_aspect_ratio", "pad")
    writer.add_uint32("flexvlm.vision.low_size", config.low_size)
    if high is not None:
        writer.add_uint32("flexvlm.vision.high_size", high.size)
        writer.add_uint32("flexvlm.vision.zoom", high.zoom)
        writer.add_uint32("flexvlm.selection.first_layer", high.first_layer)
        writer.add_uint32("flexvlm.selection.grid", high.grid)
        writer.add_uint32("flexvlm.selection.threshold", high.threshold)


def add_vocabulary(writer: gguf.GGUFWriter, vocabulary: Vocabulary) -> None:
    if vocabulary.pattern is None:
        writer.add_tokenizer_model("llama")
        writer.add_token_scores(vocabulary.scores)
        writer.add_unk_token_id(vocabulary.unknown)
    else:
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre(vocabulary.pattern)
        writer.add_token_merges(vocabulary.merges)
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.types)
    writer.add_bos_token_id(vocabulary.bos)
    writer.add_eos_token_id(vocabulary.eos)
    writer.add_add_bos_token(vocabulary.add_bos)
    writer.add_add_space_prefix(vocabulary.add_space_prefix)
