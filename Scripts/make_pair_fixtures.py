#!/usr/bin/env python3
"""Makes Tests/FlexVLMTests/Fixtures/pairs: LLaVA-1.5 as llama.cpp's converters store it.

  python3 Scripts/make_pair_fixtures.py LIBGGML

Each folder holds a small random model in two GGUF files, `model.gguf` (architecture `llama`) and
`mmproj.gguf` (`clip`), and what transformers' LlavaForConditionalGeneration answers with the same
weights in float32. Names and keys follow llama.cpp's conversion/llama.py and
tools/mtmd/legacy-models/convert_image_encoder_to_gguf.py. Needs torch, transformers, sentencepiece
and, for types with K, a library that exports ggml_quantize_chunk (see make_type_fixtures.py).
"""

import ctypes
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
import sentencepiece
import torch
from gguf import GGMLQuantizationType as Type
from make_type_fixtures import write_safetensors
from PIL import Image
from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

FIXTURES = Path(__file__).parent.parent / "Tests/FlexVLMTests/Fixtures"
TOKENIZER = FIXTURES / "parity/tokenizer/tokenizer.model"
MEAN = [0.48145466, 0.4578275, 0.40821073]
STD = [0.26862954, 0.26130258, 0.27577711]
TEMPLATE = "A chat. USER: <image>\nWhat is written here? ASSISTANT:"
STEPS = 6


@dataclass(frozen=True)
class Case:
    """How one pair is stored."""

    name: str
    width: int
    feed_forward: int
    heads: int
    key_value_heads: int
    rope_base: float
    language_type: Type
    tower_layers: int  # as CLIP has them
    select_layer: int  # vision_feature_layer, counted from the end
    old: bool  # the converter of 2023: fc1 called down, no key that later files have
    tied: bool
    image: tuple[int, int]


CASES = [
    Case("old", 64, 96, 4, 4, 10000.0, Type.F16, 4, -2, True, False, (90, 61)),
    Case("new", 256, 256, 4, 2, 50000.0, Type.Q4_K, 5, -3, False, True, (47, 130)),
]
LAYERS, CONTEXT = 2, 128
TOWER_WIDTH, TOWER_INNER, TOWER_HEADS, SIDE, PATCH = 32, 80, 2, 56, 14

LANGUAGE_NAMES = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def tower_name(name: str, old: bool) -> str:
    up, down = ("ffn_down", "ffn_up") if old else ("ffn_up", "ffn_down")
    for theirs, ours in {
        "vision_model": "v", "encoder.layers": "blk", "embeddings.": "", "self_attn.": "attn_",
        "_proj": "", "layer_norm": "ln", "mlp.fc1": up, "mlp.fc2": down, "embedding": "embd",
        "pre_layrnorm": "pre_ln",
    }.items():  # fmt: skip
        name = name.replace(theirs, ours)
    return name


def main() -> int:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    ggml = ctypes.CDLL(sys.argv[1])
    for seed, case in enumerate(CASES):
        folder = FIXTURES / "pairs" / case.name
        folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(seed)
        model = random_model(case)
        write_language(folder / "model.gguf", model, case, ggml)
        write_tower(folder / "mmproj.gguf", model, case)
        image = random_image(case, seed)
        image.save(folder / "image.png")
        write_expected(folder, model, image)
    return 0


def random_model(case: Case) -> LlavaForConditionalGeneration:
    text = LlamaConfig(
        vocab_size=512, hidden_size=case.width, intermediate_size=case.feed_forward,
        num_hidden_layers=LAYERS, num_attention_heads=case.heads,
        num_key_value_heads=case.key_value_heads, max_position_embeddings=CONTEXT,
        rms_norm_eps=1e-5, rope_parameters={"rope_type": "default", "rope_theta": case.rope_base},
        tie_word_embeddings=case.tied,
    )  # fmt: skip
    vision = CLIPVisionConfig(
        hidden_size=TOWER_WIDTH, intermediate_size=TOWER_INNER, num_attention_heads=TOWER_HEADS,
        num_hidden_layers=case.tower_layers, image_size=SIDE, patch_size=PATCH,
        hidden_act="quick_gelu",
    )  # fmt: skip
    config = LlavaConfig(
        vision_config=vision, text_config=text, vision_feature_layer=case.select_layer,
        vision_feature_select_strategy="default", image_token_index=511,
        tie_word_embeddings=case.tied, attn_implementation="eager",
    )  # fmt: skip
    model = LlavaForConditionalGeneration(config).float().eval()
    with torch.no_grad():
        for name, value in model.named_parameters():
            scale = 0.3 if value.dim() == 1 else 1.2 / value[0].numel() ** 0.5
            value.normal_(1.0 if "norm" in name and name.endswith("weight") else 0.0, scale)
            value.copy_(value.half())
    return model


def store(model_value: torch.nn.Parameter, type: Type, ggml: ctypes.CDLL | None) -> np.ndarray:
    """The packed form; the model goes on with the numbers that the packed form stands for."""
    values = model_value.detach().numpy()
    if type not in (Type.Q4_K, Type.Q6_K):
        packed = gguf.quantize(values, type)
    else:
        block, size = gguf.GGML_QUANT_SIZES[type]
        packed = np.zeros((values.shape[0], values.shape[1] // block * size), np.uint8)
        ggml.ggml_quantize_chunk(
            int(type), values.ctypes.data_as(ctypes.c_void_p),
            packed.ctypes.data_as(ctypes.c_void_p), ctypes.c_int64(0),
            ctypes.c_int64(values.shape[0]), ctypes.c_int64(values.shape[1]), None,
        )  # fmt: skip
    with torch.no_grad():
        model_value.copy_(torch.from_numpy(gguf.dequantize(packed, type).reshape(values.shape)))
    return packed


def permuted(values: np.ndarray, heads: int) -> np.ndarray:
    """Rows of a query or key weight (of any packing) so that neighbours rotate together."""
    rows = values.reshape(heads, 2, values.shape[0] // heads // 2, *values.shape[1:])
    return rows.swapaxes(1, 2).reshape(values.shape)


def write_language(
    path: Path, model: LlavaForConditionalGeneration, case: Case, ggml: ctypes.CDLL
) -> None:
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(f"random {case.name}")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(case.width)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(case.feed_forward)
    writer.add_rope_dimension_count(case.width // case.heads)
    writer.add_head_count(case.heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_file_type({Type.F16: 1, Type.Q4_K: 15}[case.language_type])
    if not case.old:
        writer.add_vocab_size(512)
        writer.add_head_count_kv(case.key_value_heads)
        writer.add_rope_freq_base(case.rope_base)

    pieces = sentencepiece.SentencePieceProcessor(model_file=str(TOKENIZER))
    ids = range(pieces.vocab_size())
    kinds = [
        gguf.TokenType.BYTE if pieces.is_byte(i) else gguf.TokenType.CONTROL if
        pieces.is_control(i) else gguf.TokenType.UNKNOWN if pieces.is_unknown(i) else
        gguf.TokenType.NORMAL for i in ids
    ]  # fmt: skip
    writer.add_tokenizer_model("llama")
    writer.add_token_list([pieces.id_to_piece(i).encode() for i in ids])
    writer.add_token_scores([pieces.get_score(i) for i in ids])
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)

    language, type = model.model.language_model, case.language_type

    def add(name: str, value: torch.nn.Parameter, type: Type, heads: int = 0) -> None:
        packed = store(value, Type.F32 if value.dim() == 1 else type, ggml)
        if heads:
            packed = permuted(packed, heads)
        kept = None if packed.dtype in (np.float32, np.float16) else type
        writer.add_tensor(name, packed, raw_dtype=kept)

    add("token_embd.weight", language.embed_tokens.weight, type)
    for index, layer in enumerate(language.layers):
        for theirs, ours in LANGUAGE_NAMES.items():
            heads = {"attn_q": case.heads, "attn_k": case.key_value_heads}.get(ours, 0)
            wanted = Type.Q6_K if type == Type.Q4_K and ours == "ffn_down" else type
            add(f"blk.{index}.{ours}.weight", layer.get_submodule(theirs).weight, wanted, heads)
    add("output_norm.weight", language.norm.weight, Type.F32)
    if not case.tied:
        add("output.weight", model.lm_head.weight, type)
    finish(writer)


def write_tower(path: Path, model: LlavaForConditionalGeneration, case: Case) -> None:
    run = case.tower_layers + 1 + case.select_layer
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_bool("clip.has_text_encoder", False)
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_bool("clip.has_llava_projector", True)
    writer.add_file_type(1)
    if not case.old:
        writer.add_string("clip.projector_type", "mlp")
    writer.add_uint32("clip.vision.image_size", SIDE)
    writer.add_uint32("clip.vision.patch_size", PATCH)
    writer.add_uint32("clip.vision.embedding_length", TOWER_WIDTH)
    writer.add_uint32("clip.vision.feed_forward_length", TOWER_INNER)
    writer.add_uint32("clip.vision.projection_dim", 64)
    writer.add_uint32("clip.vision.attention.head_count", TOWER_HEADS)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-5)
    writer.add_array("clip.vision.image_mean", MEAN)
    writer.add_array("clip.vision.image_std", STD)
    writer.add_bool("clip.use_gelu", False)
    # The first converter stored the layers that run; a file may also hold more and name the one.
    kept = run if case.old else case.tower_layers
    writer.add_uint32("clip.vision.block_count", kept)
    if not case.old:
        writer.add_array("clip.vision.feature_layer", [run])

    for name, value in model.model.multi_modal_projector.named_parameters():
        ours = name.replace("linear_1", "mm.0").replace("linear_2", "mm.2")
        writer.add_tensor(ours, store(value, Type.F16 if value.dim() > 1 else Type.F32, None))
    for name, value in model.model.vision_tower.named_parameters():
        name = name.removeprefix("vision_model.")
        if name.startswith("post_layernorm"):
            continue
        if name.startswith("encoder.layers.") and int(name.split(".")[2]) >= kept:
            continue
        type = Type.F16 if name.endswith(".weight") and value.dim() > 1 else Type.F32
        writer.add_tensor(tower_name(f"vision_model.{name}", case.old), store(value, type, None))
    finish(writer)


def finish(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def random_image(case: Case, seed: int) -> Image.Image:
    random = np.random.default_rng(seed)
    width, height = case.image
    coarse = random.integers(0, 256, (height // 9 + 1, width // 9 + 1, 3), np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BILINEAR)


def pixels(image: Image.Image) -> torch.Tensor:
    """LLaVA's "pad": centred on a square of the mean colour, then CLIP's bicubic resize."""
    side = max(image.size)
    square = Image.new("RGB", (side, side), tuple(int(x * 255) for x in MEAN))
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    values = np.asarray(square.resize((SIDE, SIDE), Image.Resampling.BICUBIC), np.float32) / 255
    values = (values - np.float32(MEAN)) / np.float32(STD)
    return torch.from_numpy(values.transpose(2, 0, 1)[None].copy())


def write_expected(
    folder: Path, model: LlavaForConditionalGeneration, image: Image.Image
) -> None:
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(TOKENIZER))
    before, after = (pieces.encode(part) for part in TEMPLATE.split("<image>"))
    marker = model.config.image_token_index
    ids = [1, *before, *[marker] * (SIDE // PATCH) ** 2, *after]
    tokens, logits = [], []
    with torch.no_grad():
        for _ in range(STEPS):
            output = model(
                input_ids=torch.tensor([ids + tokens]), pixel_values=pixels(image), use_cache=False
            )
            logits.append(output.logits[0, -1].numpy())
            tokens.append(int(logits[-1].argmax()))
    ranked = np.sort(np.stack(logits), axis=1)
    expected = {
        "prompt": TEMPLATE,
        "input_ids": [1, *before, -200, *after],
        "tokens": tokens,
        "smallest_gap": float((ranked[:, -1] - ranked[:, -2]).min()),
    }
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    write_safetensors(folder / "expected.safetensors", {"logits": np.stack(logits)})


if __name__ == "__main__":
    sys.exit(main())
