"""Hyper-parameters from the JSON files of a checkpoint."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import ConversionError
from .files import Tensor, read_json


def conversation(who: str) -> str:
    """LLaVA's template llava_v1, which FlexAttention's scripts use, with a "human", and vicuna_v1,
    which LLaVA-1.5's use, with a "user". What a benchmark adds to its questions is not part of it."""
    return (
        f"A chat between a curious {who} and an artificial intelligence assistant. The assistant "
        f"gives helpful, detailed, and polite answers to the {who}'s questions. USER: <image>\n"
        "{question} ASSISTANT:"
    )


OPENAI_MEAN = [0.48145466, 0.4578275, 0.40821073]
OPENAI_STD = [0.26862954, 0.26130258, 0.27577711]


@dataclass(frozen=True)
class LanguageConfig:
    vocabulary: int
    context: int
    width: int
    layers: int
    feed_forward: int
    heads: int
    key_value_heads: int
    rms_epsilon: float
    rope_base: float
    tied_output: bool

    @property
    def head_width(self) -> int:
        return self.width // self.heads


@dataclass(frozen=True)
class VisionConfig:
    native_size: int
    patch: int
    width: int
    feed_forward: int
    layers: int  # layers that are run; later ones never reach the projector
    heads: int
    epsilon: float
    mean: list[float]
    std: list[float]
    select_layer: int


@dataclass(frozen=True)
class HighView:
    """FlexAttention's settings; plain LLaVA has none."""

    size: int
    zoom: int
    first_layer: int
    grid: int
    threshold: int


@dataclass(frozen=True)
class ModelConfig:
    language: LanguageConfig
    vision: VisionConfig
    low_size: int
    high: HighView | None
    prompt_template: str
    spells_answers: bool


def read_config(
    model: Path,
    tower: Path | None,
    tensors: dict[str, Tensor],
    prompt_template: str | None,
    spells_answers: bool = False,
) -> ModelConfig:
    """The configuration of MODEL_DIR; `tensors` (canonical names) fill in an unnamed tower's."""
    config = read_json(model / "config.json")
    text = config
    if "text_config" in config:
        _expect(model, config, "model_type", ["llava"])
        _expect(model, config, "projector_hidden_act", ["gelu", None])
        _expect(model, config, "vision_feature_select_strategy", ["default", None])
        text = config["text_config"]
        _expect(model, text, "model_type", ["llama", None])
        select_layer = config.get("vision_feature_layer")
    else:
        _expect(model, config, "model_type", ["llava_llama", "llava"])
        _expect(model, config, "mm_projector_type", ["mlp2x_gelu"])
        _expect(model, config, "mm_vision_select_feature", ["patch", None])
        _expect(model, config, "mm_use_im_start_end", [False, None])
        _expect(model, config, "image_aspect_ratio", ["pad", "square", None])
        select_layer = config.get("mm_vision_select_layer")
    if isinstance(select_layer, list) and len(select_layer) == 1:
        select_layer = select_layer[0]
    if select_layer is None:
        select_layer = -2
    if not isinstance(select_layer, int):
        raise ConversionError(
            f"{model}/config.json: the features of one vision layer are expected, "
            f"not of {select_layer!r}"
        )

    vision = _vision(model, tower, config, tensors, select_layer)
    extra = config.get("extra") or {}
    low_size, high = _views(model, extra, vision)
    usual = conversation("human" if high else "user")
    template = prompt_template or extra.get("prompt_template") or usual
    if template.count("<image>") != 1 or template.count("{question}") != 1:
        raise ConversionError(
            f"the prompt template needs one <image> and one {{question}}: {template!r}"
        )
    spells_answers = spells_answers or str(extra.get("spells_answers")).lower() == "true"
    language = _language(model, config, text, tensors)
    return ModelConfig(language, vision, low_size, high, template, spells_answers)


def _language(
    model: Path, config: dict[str, Any], text: dict[str, Any], tensors: dict[str, Tensor]
) -> LanguageConfig:
    _expect(model, text, "hidden_act", ["silu", None])
    _expect(model, text, "attention_bias", [False, None])
    rope = text.get("rope_parameters") or text.get("rope_scaling") or {}
    if rope.get("rope_type", rope.get("type", "default")) != "default":
        raise ConversionError(f"{model}/config.json: RoPE scaling {rope} is not supported")
    # What the Hugging Face layout leaves out has LlamaConfig's default.
    heads = _positive(model, text, "num_attention_heads", 32)
    width = _positive(model, text, "hidden_size", 4096)
    language = LanguageConfig(
        vocabulary=_positive(model, text, "vocab_size", 32000),
        context=_positive(model, text, "max_position_embeddings", 2048),
        width=width,
        layers=_positive(model, text, "num_hidden_layers", 32),
        feed_forward=_positive(model, text, "intermediate_size", 11008),
        heads=heads,
        key_value_heads=_positive(model, text, "num_key_value_heads", heads),
        rms_epsilon=float(text.get("rms_norm_eps", 1e-6)),
        rope_base=float(text.get("rope_theta") or rope.get("rope_theta", 10000.0)),
        tied_output="lm_head.weight" not in tensors
        and bool(text.get("tie_word_embeddings") or config.get("tie_word_embeddings")),
    )
    if width % (2 * heads) or heads % language.key_value_heads:
        raise ConversionError(
            f"{model}/config.json: width {width}, {heads} heads and {language.key_value_heads} "
            "key-value heads do not divide"
        )
    if text.get("head_dim") not in (None, language.head_width):
        raise ConversionError(
            f"{model}/config.json: head_dim {text['head_dim']} is not "
            f"hidden_size / num_attention_heads"
        )
    return language


def _vision(
    model: Path,
    tower: Path | None,
    config: dict[str, Any],
    tensors: dict[str, Tensor],
    select_layer: int,
) -> VisionConfig:
    source = model
    if tower is not None:
        source, vision = tower, read_json(tower / "config.json")
        vision = vision.get("vision_config", vision)
    elif "vision_config" in config:
        vision = config["vision_config"]
    else:
        vision = _infer_vision(model, config, tensors)
    _expect(source, vision, "model_type", ["clip_vision_model", None])
    _expect(source, vision, "hidden_act", ["quick_gelu", None])
    # What a CLIP configuration leaves out has CLIPVisionConfig's default.
    layers = _positive(source, vision, "num_hidden_layers", 12)
    run = layers + 1 + select_layer if select_layer < 0 else select_layer
    if not 1 <= run <= layers:
        raise ConversionError(
            f"{model}/config.json: vision layer {select_layer} of {layers} cannot be selected"
        )
    mean, std = OPENAI_MEAN, OPENAI_STD
    # Transformers 5 keeps them in the second file.
    for file in ("preprocessor_config.json", "processor_config.json"):
        if not (source / file).exists():
            continue
        settings = read_json(source / file)
        settings = settings.get("image_processor", settings)
        mean, std = settings.get("image_mean") or mean, settings.get("image_std") or std
        _expect(source, settings, "resample", [3, None], file)
    heads = _positive(source, vision, "num_attention_heads", 12)
    result = VisionConfig(
        native_size=_positive(source, vision, "image_size", 224),
        patch=_positive(source, vision, "patch_size", 32),
        width=_positive(source, vision, "hidden_size", 768),
        feed_forward=_positive(source, vision, "intermediate_size", 3072),
        layers=run,
        heads=heads,
        epsilon=float(vision.get("layer_norm_eps", 1e-5)),
        mean=[float(x) for x in mean],
        std=[float(x) for x in std],
        select_layer=select_layer,
    )
    if result.width % heads or result.native_size % result.patch:
        raise ConversionError(f"{source}: the CLIP width, heads, image and patch do not divide")
    return result


def _infer_vision(
    model: Path, config: dict[str, Any], tensors: dict[str, Tensor]
) -> dict[str, Any]:
    """A tower inside the checkpoint states no sizes: shapes tell all but the head width (64)."""
    try:
        width, _, patch, _ = tensors["vision_model.embeddings.patch_embedding.weight"].shape
        rows, _ = tensors["vision_model.embeddings.position_embedding.weight"].shape
        hidden, _ = tensors["vision_model.encoder.layers.0.mlp.fc1.weight"].shape
    except (KeyError, ValueError):
        raise ConversionError(
            f"{model} holds no vision tower: give the directory of "
            f"{config.get('mm_vision_tower', 'its CLIP model')} with --vision-tower"
        ) from None
    prefix = "vision_model.encoder.layers."
    layers = {int(name[len(prefix) :].split(".")[0]) for name in tensors if name.startswith(prefix)}
    return {
        "hidden_size": width,
        "patch_size": patch,
        "image_size": patch * math.isqrt(rows - 1),
        "intermediate_size": hidden,
        "num_hidden_layers": max(layers) + 1,
        "num_attention_heads": max(width // 64, 1),
    }


def _views(model: Path, extra: dict[str, Any], vision: VisionConfig) -> tuple[int, HighView | None]:
    if "zoom_ratio" not in extra:
        low, high = _positive(model, extra, "lowres_size", vision.native_size), None
        sides = [("lowres_size", low, vision.native_size)]
    else:
        low = _positive(model, extra, "lowres_size", 336)
        zoom = _positive(model, extra, "zoom_ratio", 1)
        high = HighView(
            size=_positive(model, extra, "highres_size", vision.native_size * zoom),
            zoom=zoom,
            first_layer=_positive(model, extra, "first_selection_layer", 8, least=0),
            grid=_positive(model, extra, "selection_grid", 9),
            threshold=_positive(model, extra, "threshold", 64, least=0),
        )
        # The official code encodes a high view of up to 336 pixels whole, a larger one in crops.
        crop = high.size if high.size <= 336 else high.size // zoom
        sides = [("lowres_size", low, vision.native_size), ("crop side", crop, vision.native_size)]
        if high.size > 336 and high.size % zoom:
            raise ConversionError(
                f"{model}/config.json: highres_size {high.size} does not divide by zoom {zoom}"
            )
    for name, side, limit in sides:
        if side % vision.patch or side > limit:
            raise ConversionError(
                f"{model}/config.json: {name} {side} should divide by the patch {vision.patch} "
                f"and not exceed CLIP's {limit}"
            )
    return low, high


def _expect(
    directory: Path, config: dict[str, Any], key: str, known: list[Any], file: str = "config.json"
) -> None:
    value = config.get(key)
    if value not in known:
        choices = " or ".join(repr(k) for k in known if k is not None)
        raise ConversionError(
            f"{directory}/{file}: {key} is {value!r}; only {choices} is supported"
        )


def _positive(
    directory: Path, config: dict[str, Any], key: str, default: int, least: int = 1
) -> int:
    value = config.get(key, default)
    try:  # `extra` holds its numbers as strings
        number = int(value) if isinstance(value, (int, str)) else -1
    except ValueError:
        number = -1
    if number < least:
        raise ConversionError(f"{directory}/config.json: {key} is {value!r}")
    return number
