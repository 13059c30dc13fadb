"""Small random checkpoints in the official layout, for the tests of convert.py."""

import json
import shutil
from pathlib import Path

import gguf
import numpy as np

import convert

TOKENIZER = (
    Path(__file__).parent.parent / "Tests/FlexVLMTests/Fixtures/parity/tokenizer/tokenizer.model"
)
VOCABULARY, WIDTH, FEED_FORWARD, LAYERS = 512, 32, 48, 3
CLIP_WIDTH, CLIP_FEED_FORWARD, CLIP_LAYERS, NATIVE, PATCH = 64, 96, 2, 182, 14
Tensors = dict[str, np.ndarray]

LANGUAGE_CONFIG = {
    "vocab_size": VOCABULARY,
    "hidden_size": WIDTH,
    "intermediate_size": FEED_FORWARD,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 1024,
    "rms_norm_eps": 1e-5,
}
OFFICIAL_CONFIG = LANGUAGE_CONFIG | {
    "model_type": "llava_llama",
    "mm_projector_type": "mlp2x_gelu",
    "mm_vision_select_layer": -2,
    "mm_vision_tower": "openai/clip-vit-large-patch14-336",
    "extra": {
        "zoom_ratio": "2",
        "lowres_size": "182",
        "highres_size": "364",
        "threshold": "48",
        "first_selection_layer": "0",
    },
}
CLIP_CONFIG = {
    "model_type": "clip_vision_model",
    "hidden_size": CLIP_WIDTH,
    "intermediate_size": CLIP_FEED_FORWARD,
    "num_hidden_layers": CLIP_LAYERS,
    "num_attention_heads": 1,
    "image_size": NATIVE,
    "patch_size": PATCH,
    "hidden_act": "quick_gelu",
}

# GGUF names of a layer's tensors, kept apart from the converter's own table.
LAYER_NAMES = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_k_hd": "self_attn.k_proj_hd",
    "attn_v_hd": "self_attn.v_proj_hd",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
CLIP_LAYER_NAMES = {
    "ln1": "layer_norm1",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_out": "self_attn.out_proj",
    "ln2": "layer_norm2",
    "ffn_up": "mlp.fc1",
    "ffn_down": "mlp.fc2",
}


def random_tensors() -> tuple[Tensors, Tensors]:
    """(language model and projector, CLIP) under the official names; values are exact in F16."""
    random = np.random.default_rng(7)

    def make(*shape: int) -> np.ndarray:
        return random.normal(0, 0.1, shape).astype(np.float16).astype(np.float32)

    shapes = {
        "self_attn.k_proj": (16, WIDTH),
        "self_attn.v_proj": (16, WIDTH),
        "self_attn.k_proj_hd": (16, WIDTH),
        "self_attn.v_proj_hd": (16, WIDTH),
        "mlp.gate_proj": (FEED_FORWARD, WIDTH),
        "mlp.up_proj": (FEED_FORWARD, WIDTH),
        "mlp.down_proj": (WIDTH, FEED_FORWARD),
        "input_layernorm": (WIDTH,),
        "post_attention_layernorm": (WIDTH,),
    }
    language = {
        "model.embed_tokens.weight": make(VOCABULARY, WIDTH),
        "model.norm.weight": make(WIDTH),
        "lm_head.weight": make(VOCABULARY, WIDTH),
        "model.mm_projector.0.weight": make(WIDTH, CLIP_WIDTH),
        "model.mm_projector.0.bias": make(WIDTH),
        "model.mm_projector.2.weight": make(WIDTH, WIDTH),
        "model.mm_projector.2.bias": make(WIDTH),
    }
    for layer in range(LAYERS):
        for name in LAYER_NAMES.values():
            shape = shapes.get(name, (WIDTH, WIDTH))
            language[f"model.layers.{layer}.{name}.weight"] = make(*shape)
        language[f"model.layers.{layer}.self_attn.rotary_emb.inv_freq"] = make(4)

    clip = {
        "vision_model.embeddings.class_embedding": make(CLIP_WIDTH),
        "vision_model.embeddings.patch_embedding.weight": make(CLIP_WIDTH, 3, PATCH, PATCH),
        "vision_model.embeddings.position_embedding.weight": make(170, CLIP_WIDTH),
        "text_model.final_layer_norm.weight": make(8),
        "visual_projection.weight": make(8, CLIP_WIDTH),
        "logit_scale": make(),
    }
    for name in ("pre_layrnorm", "post_layernorm"):
        clip[f"vision_model.{name}.weight"] = make(CLIP_WIDTH)
        clip[f"vision_model.{name}.bias"] = make(CLIP_WIDTH)
    shapes = {
        "mlp.fc1": (CLIP_FEED_FORWARD, CLIP_WIDTH),
        "mlp.fc2": (CLIP_WIDTH, CLIP_FEED_FORWARD),
        "layer_norm1": (CLIP_WIDTH,),
        "layer_norm2": (CLIP_WIDTH,),
    }
    for layer in range(CLIP_LAYERS):
        for name in CLIP_LAYER_NAMES.values():
            shape = shapes.get(name, (CLIP_WIDTH, CLIP_WIDTH))
            prefix = f"vision_model.encoder.layers.{layer}.{name}"
            clip[f"{prefix}.weight"], clip[f"{prefix}.bias"] = make(*shape), make(shape[0])
    return language, clip


def save_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))


def save_safetensors(path: Path, tensors: Tensors, kind: str = "F16") -> None:
    header, data = {}, b""
    for name, values in tensors.items():
        if kind == "BF16":
            raw = (values.view(np.uint32) >> 16).astype(np.uint16).tobytes()
        else:
            raw = values.astype({"F16": np.float16, "F32": np.float32}[kind]).tobytes()
        offsets = [len(data), len(data) + len(raw)]
        header[name] = {"dtype": kind, "shape": list(values.shape), "data_offsets": offsets}
        data += raw
    text = json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


def renamed(tensors: Tensors, *prefixes: tuple[str, str]) -> Tensors:
    """The tensors with the first fitting prefix replaced."""
    result = {}
    for name, values in tensors.items():
        old, new = next((pair for pair in prefixes if name.startswith(pair[0])), ("", ""))
        result[new + name.removeprefix(old)] = values
    return result


def without(tensors: Tensors, *parts: str) -> Tensors:
    return {
        name: values for name, values in tensors.items() if not any(part in name for part in parts)
    }


class Checkpoint:
    """An official checkpoint on disk: model/ and clip/, to be varied and converted."""

    def __init__(self, folder: Path):
        self.model, self.clip, self.output = folder / "model", folder / "clip", folder / "out.gguf"
        self.language_tensors, self.clip_tensors = random_tensors()
        self.config(OFFICIAL_CONFIG)
        save_safetensors(self.model / "model.safetensors", self.language_tensors)
        shutil.copyfile(TOKENIZER, self.model / "tokenizer.model")
        save_json(self.clip / "config.json", CLIP_CONFIG)
        save_safetensors(self.clip / "model.safetensors", self.clip_tensors)

    def config(self, config: dict) -> None:
        save_json(self.model / "config.json", config)

    def weights(self, tensors: Tensors) -> None:
        save_safetensors(self.model / "model.safetensors", tensors)

    def convert(self, *arguments: str, tower: bool = True, outtype: str = "f32") -> int:
        if tower:
            arguments = (*arguments, f"--vision-tower={self.clip}")
        return convert.main(
            [str(self.model), f"-o{self.output}", f"--outtype={outtype}", *arguments]
        )

    def left_over(self) -> list[str]:
        """What lies beside the checkpoint: the output, or an incomplete one."""
        names = (path.name for path in self.output.parent.iterdir())
        return [name for name in names if name not in ("model", "clip")]

    def read(self) -> dict[str, gguf.ReaderTensor]:
        return {tensor.name: tensor for tensor in gguf.GGUFReader(self.output).tensors}

    def field(self, key: str) -> object:
        field = gguf.GGUFReader(self.output).fields.get(key)
        return None if field is None else field.contents()

    def source_of(self, name: str) -> np.ndarray:
        if name.startswith("v."):
            table, tensors = CLIP_LAYER_NAMES, self.clip_tensors
        else:
            table, tensors = LAYER_NAMES, self.language_tensors
        for part, source in (
            ("token_embd", "model.embed_tokens"),
            ("output_norm", "model.norm"),
            ("output.", "lm_head."),
            ("mm.", "model.mm_projector."),
            ("v.class_embd", "vision_model.embeddings.class_embedding"),
            ("v.patch_embd", "vision_model.embeddings.patch_embedding"),
            ("v.position_embd", "vision_model.embeddings.position_embedding"),
            ("v.pre_ln", "vision_model.pre_layrnorm"),
            ("v.blk.", "vision_model.encoder.layers."),
            ("blk.", "model.layers."),
        ):
            if name.startswith(part):
                name = source + name.removeprefix(part)
                break
        words = name.split(".")
        return tensors[".".join(table.get(word, word) for word in words)]

    def assert_exact(self, count: int) -> None:
        tensors = self.read()
        assert len(tensors) == count
        for name, tensor in tensors.items():
            source = self.source_of(name)
            assert tuple(reversed(tensor.shape)) == source.shape, name
            assert np.array_equal(tensor.data.reshape(source.shape), source), name


# One CLIP layer of two is run (select layer -2): 5 + 16 tensors, and 4 of the projector.
PLAIN_COUNT = 5 + 16 + 4 + 3 + LAYERS * 9
FLEX_COUNT = PLAIN_COUNT + 2 * (LAYERS - 1)  # layer 0 is the first to select
