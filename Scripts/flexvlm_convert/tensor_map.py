"""Which source tensor becomes which GGUF tensor, and what is left out."""

import re
from collections import Counter
from dataclasses import dataclass

from . import ConversionError
from .files import Tensor
from .model_config import ModelConfig

# The layouts' prefixes and what stands for them in the names of the official FlexAttention
# checkpoint and of CLIP's own; the first that fits counts. LLaVA wraps the tower twice, and
# transformers leaves out "vision_model." since 5.0.
CANONICAL_PREFIXES = tuple(
    (re.compile(prefix), replacement)
    for prefix, replacement in (
        (r"(model\.)?(vision_tower\.){1,2}(vision_model\.)?", "vision_model."),
        (r"(?=(embeddings|encoder|pre_layrnorm|post_layernorm)\.)", "vision_model."),
        (r"(model\.)?multi_modal_projector\.linear_1\.", "model.mm_projector.0."),
        (r"(model\.)?multi_modal_projector\.linear_2\.", "model.mm_projector.2."),
        (r"language_model\.lm_head\.", "lm_head."),
        (r"(model\.)?language_model\.(model\.)?", "model."),
    )
)

LAYER_TENSORS = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.k_proj_hd": "attn_k_hd",
    "self_attn.v_proj_hd": "attn_v_hd",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
VISION_LAYER_TENSORS = {
    "layer_norm1": "ln1",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.out_proj": "attn_out",
    "layer_norm2": "ln2",
    "mlp.fc1": "ffn_up",
    "mlp.fc2": "ffn_down",
}

# Never used at inference, wherever they occur; the numbered ones are checked against the layers
# that are run.
UNUSED = (
    ("rotary inv_freq", re.compile(r"model\.layers\.\d+\.self_attn\.rotary_emb\.inv_freq")),
    ("k/v_proj_hd without use", re.compile(r"model\.layers\.\d+\.self_attn\.[kv]_proj_hd\.weight")),
    ("CLIP layers that are never run", re.compile(r"vision_model\.encoder\.layers\.\d+\..*")),
    ("CLIP final norm", re.compile(r"vision_model\.post_layernorm\.(weight|bias)")),
    ("CLIP position_ids", re.compile(r"vision_model\.embeddings\.position_ids")),
    ("CLIP text tower", re.compile(r"text_model\..*")),
    ("CLIP projections", re.compile(r"(visual|text)_projection\.weight|logit_scale")),
)

MAX_FAULTS = 20


@dataclass(frozen=True)
class Target:
    """One tensor of the GGUF file."""

    name: str
    source: str  # canonical name
    shape: tuple[int, ...]  # rows first


def canonical(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors under the official names."""
    renamed: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        for prefix, replacement in CANONICAL_PREFIXES:
            if match := prefix.match(name):
                name = replacement + name[match.end() :]
                break
        if name in renamed:
            raise ConversionError(f"two tensors of the checkpoint stand for {name}")
        renamed[name] = tensor
    return renamed


def targets(config: ModelConfig) -> list[Target]:
    """All tensors of the GGUF file in the order in which inference needs them."""
    return _vision_targets(config) + _language_targets(config)


def _vision_targets(config: ModelConfig) -> list[Target]:
    vision, language = config.vision, config.language
    width, inner, patch = vision.width, vision.feed_forward, vision.patch
    positions = (vision.native_size // patch) ** 2 + 1
    source = "vision_model.embeddings."
    result = [
        Target("v.class_embd", f"{source}class_embedding", (width,)),
        Target("v.patch_embd.weight", f"{source}patch_embedding.weight", (width, 3, patch, patch)),
        Target("v.position_embd.weight", f"{source}position_embedding.weight", (positions, width)),
        *_affine("v.pre_ln", "vision_model.pre_layrnorm", (width,)),
    ]
    shapes = {
        "ln1": (width,),
        "ln2": (width,),
        "ffn_up": (inner, width),
        "ffn_down": (width, inner),
    }
    for layer in range(vision.layers):
        for theirs, ours in VISION_LAYER_TENSORS.items():
            result += _affine(
                f"v.blk.{layer}.{ours}",
                f"vision_model.encoder.layers.{layer}.{theirs}",
                shapes.get(ours, (width, width)),
            )
    result += _affine("mm.0", "model.mm_projector.0", (language.width, width))
    result += _affine("mm.2", "model.mm_projector.2", (language.width, language.width))
    return result


def _affine(name: str, source: str, shape: tuple[int, ...]) -> list[Target]:
    return [
        Target(f"{name}.weight", f"{source}.weight", shape),
        Target(f"{name}.bias", f"{source}.bias", shape[:1]),
    ]


def _language_targets(config: ModelConfig) -> list[Target]:
    language = config.language
    width, inner = language.width, language.feed_forward
    key_width = language.key_value_heads * language.head_width
    embedding = "model.embed_tokens.weight"
    shapes = {
        "attn_norm": (width,),
        "attn_k": (key_width, width),
        "attn_v": (key_width, width),
        "attn_k_hd": (key_width, width),
        "attn_v_hd": (key_width, width),
        "ffn_norm": (width,),
        "ffn_gate": (inner, width),
        "ffn_up": (inner, width),
        "ffn_down": (width, inner),
    }
    result = [Target("token_embd.weight", embedding, (language.vocabulary, width))]
    for layer in range(language.layers):
        uses_high = config.high is not None and layer > config.high.first_layer
        for theirs, ours in LAYER_TENSORS.items():
            if ours.endswith("_hd") and not uses_high:
                continue
            result.append(
                Target(
                    f"blk.{layer}.{ours}.weight",
                    f"model.layers.{layer}.{theirs}.weight",
                    shapes.get(ours, (width, width)),
                )
            )
    result.append(Target("output_norm.weight", "model.norm.weight", (width,)))
    # Without it the embedding gives the logits too.
    if not language.tied_output:
        result.append(Target("output.weight", "lm_head.weight", (language.vocabulary, width)))
    return result


def check(wanted: list[Target], tensors: dict[str, Tensor], config: ModelConfig) -> Counter[str]:
    """The faults in one error; otherwise how many tensors of each kind are left out."""
    faults = []
    for target in wanted:
        tensor = tensors.get(target.source)
        if tensor is None:
            faults.append(f"missing: {target.source} {list(target.shape)}")
        elif not tensor.is_float:
            faults.append(f"not floats: {target.source} is {tensor.type} in {tensor.file}")
        elif tensor.shape != target.shape:
            faults.append(
                f"wrong shape: {target.source} is {list(tensor.shape)} in {tensor.file}, "
                f"the configuration asks for {list(target.shape)}"
            )
    used = {target.source for target in wanted}
    skipped: Counter[str] = Counter()
    for name in tensors.keys() - used:
        kind = next((kind for kind, pattern in UNUSED if pattern.fullmatch(name)), None)
        if kind is None or _is_misnamed(name, config):
            faults.append(f"unexpected: {name} {list(tensors[name].shape)} in {tensors[name].file}")
        else:
            skipped[kind] += 1
    if faults:
        shown = sorted(faults)[:MAX_FAULTS]
        if len(faults) > len(shown):
            shown.append(f"and {len(faults) - len(shown)} more")
        raise ConversionError(
            f"the tensors do not fit the configuration "
            f"({len(faults)} fault{'s' if len(faults) > 1 else ''}):\n  "
            + "\n  ".join(shown)
        )
    return skipped


def _is_misnamed(name: str, config: ModelConfig) -> bool:
    """A name that looks like an unused layer's but lies in a layer that is run, or in none."""
    if match := re.match(r"vision_model\.encoder\.layers\.(\d+)\.", name):
        return int(match[1]) < config.vision.layers
    if match := re.match(r"model\.layers\.(\d+)\.", name):
        return int(match[1]) >= config.language.layers
    return False
