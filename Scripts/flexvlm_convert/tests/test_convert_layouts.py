"""Tests of convert.py on the layouts that checkpoints have: names, folders, configurations."""

import json

import numpy as np
import pytest

from fixtures.random_checkpoint import (
    CLIP_CONFIG,
    FLEX_COUNT,
    LANGUAGE_CONFIG,
    NATIVE,
    OFFICIAL_CONFIG,
    PLAIN_COUNT,
    Checkpoint,
    renamed,
    save_json,
    save_safetensors,
    without,
)



def test_official_layout(checkpoint: Checkpoint, capsys: pytest.CaptureFixture) -> None:
    assert checkpoint.convert() == 0
    checkpoint.assert_exact(FLEX_COUNT)
    assert "blk.0.attn_k_hd.weight" not in checkpoint.read()
    for key, value in {
        "general.architecture": "flexvlm",
        "flexvlm.attention.head_count_kv": 2,
        "flexvlm.rope.dimension_count": 8,
        "flexvlm.rope.freq_base": 10000.0,
        "flexvlm.vision.low_size": 182,
        "flexvlm.vision.high_size": 364,
        "flexvlm.vision.zoom": 2,
        "flexvlm.vision.select_layer": -2,
        "flexvlm.selection.first_layer": 0,
        "flexvlm.selection.grid": 9,
        "flexvlm.selection.threshold": 48,
        "clip.vision.block_count": 1,
        "clip.vision.image_size": 182,
        "tokenizer.ggml.add_space_prefix": True,
    }.items():
        assert checkpoint.field(key) == value, key
    # Bare: a benchmark's request for a short answer comes with its questions.
    template = str(checkpoint.field("flexvlm.prompt_template"))
    assert template.endswith("questions. USER: <image>\n{question} ASSISTANT:")
    summary = capsys.readouterr().err
    for text in ("2 k/v_proj_hd", "16 CLIP layers", "3 rotary inv_freq", "1 CLIP text tower"):
        assert text in summary


def test_nested_clip_configuration(checkpoint: Checkpoint) -> None:
    save_json(checkpoint.clip / "config.json", {"model_type": "clip", "vision_config": CLIP_CONFIG})
    save_json(checkpoint.clip / "preprocessor_config.json", {"image_mean": [0.5, 0.25, 0.125]})
    assert checkpoint.convert() == 0
    checkpoint.assert_exact(FLEX_COUNT)
    assert checkpoint.field("clip.vision.image_mean") == [0.5, 0.25, 0.125]


@pytest.mark.parametrize("config_given", [True, False])
@pytest.mark.parametrize("wrapper", ["", "vision_model."])
def test_tower_inside(checkpoint: Checkpoint, config_given: bool, wrapper: str) -> None:
    inside = renamed(
        without(checkpoint.clip_tensors, "text_model", "projection", "logit_scale"),
        ("vision_model.", f"model.vision_tower.vision_tower.{wrapper}"),
    )
    checkpoint.weights(checkpoint.language_tensors | inside)
    (checkpoint.clip / "model.safetensors").unlink()
    assert checkpoint.convert(tower=config_given) == 0
    checkpoint.assert_exact(FLEX_COUNT)
    assert checkpoint.field("clip.vision.attention.head_count") == 1
    assert checkpoint.field("clip.vision.image_size") == NATIVE


@pytest.mark.parametrize("trained", [True, False])
def test_tower_inside_gives_way_unless_trained(checkpoint: Checkpoint, trained: bool) -> None:
    vision = without(checkpoint.clip_tensors, "text_model", "projection", "logit_scale")
    other = {name: values + 1 for name, values in vision.items()}
    inside = renamed(other, ("vision_model.", "model.vision_tower.vision_tower.vision_model."))
    checkpoint.weights(checkpoint.language_tensors | inside)
    checkpoint.config(OFFICIAL_CONFIG | {"unfreeze_mm_vision_tower": trained})
    if trained:
        checkpoint.clip_tensors = {
            name: values.astype(np.float16).astype(np.float32) for name, values in other.items()
        }
    assert checkpoint.convert() == 0
    checkpoint.assert_exact(FLEX_COUNT)


@pytest.mark.parametrize("extra, low", [(None, 182), ({}, 182), ({"lowres_size": "126"}, 126)])
def test_plain_original_layout(checkpoint: Checkpoint, extra: dict | None, low: int) -> None:
    checkpoint.config(OFFICIAL_CONFIG | {"extra": extra, "model_type": "llava"})
    checkpoint.weights(without(checkpoint.language_tensors, "proj_hd"))
    assert checkpoint.convert() == 0
    checkpoint.assert_exact(PLAIN_COUNT)
    assert checkpoint.field("flexvlm.vision.low_size") == low
    for key in ("vision.high_size", "vision.zoom", "selection.first_layer"):
        assert checkpoint.field(f"flexvlm.{key}") is None


PROJECTOR = ("model.mm_projector.0.", "linear_1."), ("model.mm_projector.2.", "linear_2.")


def hugging_face_names(outer: str, language: str, head: str, vision: str) -> list[tuple[str, str]]:
    projector = [(old, f"{outer}multi_modal_projector.{new}") for old, new in PROJECTOR]
    return [*projector, ("model.", language), ("lm_head.", head), ("vision_model.", vision)]


# As files have them, and as state_dict() has them; "vision_model." is left out since 5.0.
HUGGING_FACE_NAMES = {
    "4.40 file": hugging_face_names(
        "", "language_model.model.", "language_model.lm_head.", "vision_tower.vision_model."
    ),
    "4.52 state dict": hugging_face_names(
        "model.", "model.language_model.", "lm_head.", "model.vision_tower.vision_model."
    ),
    "5.0 file": hugging_face_names(
        "", "language_model.model.", "language_model.lm_head.", "vision_tower."
    ),
    "5.0 state dict": hugging_face_names(
        "model.", "model.language_model.", "lm_head.", "model.vision_tower."
    ),
}
HUGGING_FACE_CONFIG = {
    "model_type": "llava",
    "text_config": LANGUAGE_CONFIG | {"model_type": "llama"},
    "vision_config": CLIP_CONFIG,
    "vision_feature_layer": -2,
    "projector_hidden_act": "gelu",
}


def save_hugging_face(checkpoint: Checkpoint, names: str, config: dict) -> None:
    everything = checkpoint.language_tensors | checkpoint.clip_tensors
    plain = without(everything, "proj_hd", "text_model", "visual_projection", "logit_scale")
    checkpoint.weights(renamed(plain, *HUGGING_FACE_NAMES[names]))
    checkpoint.config(config)


def test_hugging_face_layouts_give_one_file(checkpoint: Checkpoint) -> None:
    outputs = []
    for names in HUGGING_FACE_NAMES:
        save_hugging_face(checkpoint, names, HUGGING_FACE_CONFIG)
        assert checkpoint.convert("--force", tower=False) == 0, names
        checkpoint.assert_exact(PLAIN_COUNT)
        outputs.append(checkpoint.output.read_bytes())
    assert outputs == outputs[:1] * len(HUGGING_FACE_NAMES)


def test_configuration_of_transformers_5(checkpoint: Checkpoint) -> None:
    save_hugging_face(checkpoint, "5.0 file", HUGGING_FACE_CONFIG)
    assert checkpoint.convert(tower=False) == 0
    old = checkpoint.output.read_bytes()
    text = HUGGING_FACE_CONFIG["text_config"] | {
        "rope_parameters": {"rope_theta": 10000.0, "rope_type": "default"},
        "head_dim": 8,
    }
    config = HUGGING_FACE_CONFIG | {"text_config": text, "vision_feature_layer": [-2]}
    (checkpoint.model / "config.json").write_text(json.dumps(config), encoding="utf-8-sig")
    assert checkpoint.convert("--force", tower=False) == 0
    assert checkpoint.output.read_bytes() == old
    save_json(
        checkpoint.model / "processor_config.json",
        {"image_processor": {"image_mean": [0.5, 0.25, 0.125], "resample": 3}},
    )
    assert checkpoint.convert("--force", tower=False) == 0
    assert checkpoint.field("clip.vision.image_mean") == [0.5, 0.25, 0.125]


@pytest.mark.parametrize("prefix", ["", "vision_tower.", "vision_tower.vision_model."])
def test_tower_folders_give_one_file(checkpoint: Checkpoint, prefix: str) -> None:
    assert checkpoint.convert() == 0
    old = checkpoint.output.read_bytes()
    tower = without(checkpoint.clip_tensors, "text_model", "projection", "logit_scale")
    tower = renamed(tower, ("vision_model.", prefix))
    save_safetensors(checkpoint.clip / "model.safetensors", tower)
    assert checkpoint.convert("--force") == 0
    assert checkpoint.output.read_bytes() == old


def test_shards_and_bfloat16(checkpoint: Checkpoint) -> None:
    (checkpoint.model / "model.safetensors").unlink()
    tensors = {
        name: (values.view(np.uint32) >> 16 << 16).view(np.float32)
        for name, values in checkpoint.language_tensors.items()
    }
    checkpoint.language_tensors = tensors
    weight_map = {}
    for shard in range(3):
        name = f"model-{shard + 1:05}-of-00003.safetensors"
        part = dict(list(tensors.items())[shard::3])
        save_safetensors(checkpoint.model / name, part, "BF16")
        weight_map |= dict.fromkeys(part, name)
    save_json(checkpoint.model / "model.safetensors.index.json", {"weight_map": weight_map})
    assert checkpoint.convert() == 0
    checkpoint.assert_exact(FLEX_COUNT)
