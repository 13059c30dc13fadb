"""Tests of convert.py on damaged and unsuitable checkpoints: the message, and nothing written."""

import numpy as np
import pytest

from random_checkpoint import (
    CLIP_CONFIG,
    OFFICIAL_CONFIG,
    TOKENIZER,
    WIDTH,
    Checkpoint,
    save_json,
    save_safetensors,
    without,
)


def drop(name: str):
    return lambda c: c.weights(without(c.language_tensors, name))


def edit(**changes: object):
    return lambda c: c.config(OFFICIAL_CONFIG | changes)


def edit_extra(**changes: str):
    return lambda c: c.config(OFFICIAL_CONFIG | {"extra": OFFICIAL_CONFIG["extra"] | changes})


def truncate(c: Checkpoint) -> None:
    path = c.model / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def add(name: str, values: np.ndarray):
    return lambda c: c.weights(c.language_tensors | {name: values})


def tokenizer_option(c: Checkpoint) -> None:
    """NormalizerSpec with the nmt_nfkc rules that SentencePiece takes by default."""
    rules = b"\x12\x02ab"
    path = c.model / "tokenizer.model"
    path.write_bytes(path.read_bytes() + b"\x1a" + bytes([len(rules)]) + rules)


FAULTS = {
    "missing tensor": (drop("model.norm"), ["missing: model.norm.weight [32]"]),
    "several at once": (
        lambda c: c.weights(
            without(c.language_tensors, "model.norm", "lm_head") | {"odd": np.zeros(3, np.float32)}
        ),
        ["3 faults", "missing: lm_head.weight", "missing: model.norm", "unexpected: odd [3]"],
    ),
    "wrong shape": (
        add("lm_head.weight", np.zeros((4, 8), np.float32)),
        ["lm_head.weight is [4, 8]", "asks for [512, 32]"],
    ),
    "a layer too many": (
        add("model.layers.3.self_attn.k_proj_hd.weight", np.zeros((16, 32), np.float32)),
        ["unexpected: model.layers.3.self_attn.k_proj_hd.weight"],
    ),
    "infinite value": (
        add("model.norm.weight", np.full(WIDTH, np.inf, np.float32)),
        ["model.norm.weight holds infinite values"],
    ),
    "truncated shard": (truncate, ["model.safetensors is damaged: it is truncated"]),
    "damaged header": (
        lambda c: (c.model / "model.safetensors").write_bytes(b"\xff" * 64),
        ["header does not fit in 64 bytes"],
    ),
    "shard of the index absent": (
        lambda c: save_json(
            c.model / "model.safetensors.index.json", {"weight_map": {"a": "gone.safetensors"}}
        ),
        ["names files that are absent: gone.safetensors"],
    ),
    "no weights": (
        lambda c: (c.model / "model.safetensors").unlink(),
        ["no model*.safetensors and no pytorch_model*.bin"],
    ),
    "bad JSON": (
        lambda c: (c.model / "config.json").write_text("{"),
        ["config.json is not readable JSON"],
    ),
    "wrong model type": (edit(model_type="gpt2"), ["model_type is 'gpt2'", "'llava_llama'"]),
    "other projector": (edit(mm_projector_type="linear"), ["mm_projector_type is 'linear'"]),
    "RoPE scaling": (
        edit(rope_scaling={"type": "linear", "factor": 4}),
        ["RoPE scaling", "is not supported"],
    ),
    "not a number": (edit_extra(zoom_ratio="three"), ["zoom_ratio is 'three'"]),
    "ragged crops": (edit_extra(zoom_ratio="3"), ["highres_size 364 does not divide by zoom 3"]),
    "low view off the patches": (edit_extra(lowres_size="180"), ["lowres_size 180"]),
    "template without question": (
        edit_extra(prompt_template="<image>"),
        ["needs one <image> and one {question}"],
    ),
    "no tokenizer": (
        lambda c: (c.model / "tokenizer.model").unlink(),
        ["neither tokenizer.model nor tokenizer.json"],
    ),
    "damaged tokenizer": (
        lambda c: (c.model / "tokenizer.model").write_bytes(TOKENIZER.read_bytes()[:-3]),
        ["is not a SentencePiece model"],
    ),
    "normalising tokenizer": (tokenizer_option, ["should be one that: has an identity normaliser"]),
    "more tokens than rows": (
        lambda c: save_json(c.model / "added_tokens.json", {"<im_patch>": 512}),
        ["has 513 tokens, the embedding only 512 rows"],
    ),
    "CLIP with another activation": (
        lambda c: save_json(c.clip / "config.json", CLIP_CONFIG | {"hidden_act": "gelu"}),
        ["hidden_act is 'gelu'"],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults(checkpoint: Checkpoint, fault: str, capsys: pytest.CaptureFixture) -> None:
    damage, texts = FAULTS[fault]
    damage(checkpoint)
    assert checkpoint.convert() == 1
    message = capsys.readouterr().err
    for text in texts:
        assert text in message
    assert checkpoint.left_over() == []


def test_no_tower(checkpoint: Checkpoint, capsys: pytest.CaptureFixture) -> None:
    assert checkpoint.convert(tower=False) == 1
    assert "clip-vit-large-patch14-336 with --vision-tower" in capsys.readouterr().err


def test_damaged_pytorch_file(checkpoint: Checkpoint, capsys: pytest.CaptureFixture) -> None:
    pytest.importorskip("torch")
    (checkpoint.model / "model.safetensors").rename(checkpoint.model / "pytorch_model.bin")
    assert checkpoint.convert() == 1
    assert "not a PyTorch archive" in capsys.readouterr().err


def test_beyond_f16(checkpoint: Checkpoint, capsys: pytest.CaptureFixture) -> None:
    checkpoint.language_tensors["lm_head.weight"][0, 0] = 1e6
    save_safetensors(checkpoint.model / "model.safetensors", checkpoint.language_tensors, "F32")
    assert checkpoint.convert(outtype="f16") == 1
    assert "lm_head.weight exceeds the range of F16" in capsys.readouterr().err
    assert checkpoint.convert(outtype="bf16") == 0
