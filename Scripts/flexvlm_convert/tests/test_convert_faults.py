"""Tests of convert.py on damaged and unsuitable checkpoints: the message, and nothing written."""

import numpy as np
import pytest

from fixtures.random_checkpoint import (
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


def save_integers(c: Checkpoint, name: str) -> None:
    path = c.model / "model.safetensors"
    save_safetensors(path, {name: c.language_tensors[name]} | c.language_tensors)
    path.write_bytes(path.read_bytes().replace(b'"F16"', b'"I8" ', 1))


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
    "integers": (
        lambda c: save_integers(c, "lm_head.weight"),
        ["is quantised (I8), and only"],
    ),
    "several vision layers": (
        edit(mm_vision_select_layer=[-2, -5]),
        ["the features of one vision layer are expected, not of [-2, -5]"],
    ),
    "header that is a list": (
        lambda c: (c.model / "model.safetensors").write_bytes(b"\2\0\0\0\0\0\0\0[]"),
        ["its header is not a JSON object"],
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


LFS_POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 134217728\n"
LFS_FILES = [
    "model/config.json",
    "model/model.safetensors",
    "model/model.safetensors.index.json",
    "model/tokenizer.model",
    "model/tokenizer_config.json",
    "clip/config.json",
    "clip/model.safetensors",
]


@pytest.mark.parametrize("file", LFS_FILES)
def test_git_lfs_pointer(checkpoint: Checkpoint, file: str, capsys: pytest.CaptureFixture) -> None:
    path = checkpoint.output.parent / file
    path.write_text(LFS_POINTER)
    assert checkpoint.convert() == 1
    assert capsys.readouterr().err == (
        f"error: {path} is a Git LFS pointer, not the file itself: run 'git lfs pull' in "
        f"{path.parent}\n"
    )


def quantised(declared: dict | None, *parts: str, folder: str = "model", file: str = ""):
    """Weights of two layers replaced by what a quantiser stores."""

    def change(c: Checkpoint) -> None:
        if declared is not None and not file:
            c.config(OFFICIAL_CONFIG | {"quantization_config": declared})
        elif file:
            save_json(c.model / file, declared or {})
        odd = {
            f"model.layers.{layer}.mlp.up_proj.{part}": np.zeros((4, 2), np.float32)
            for layer in range(2)
            for part in parts
        }
        save_safetensors(
            c.output.parent / folder / "model.safetensors",
            (without(c.language_tensors, "up_proj") if folder == "model" else c.clip_tensors) | odd,
        )

    return change


UNSUITABLE = {
    "bitsandbytes 4 bits": (
        quantised({"quant_method": "bitsandbytes"}, "weight", "weight.absmax", "weight.quant_map"),
        "model is quantised (bitsandbytes), and only weights of 16 bits or more are converted: "
        "convert the checkpoint it was made from; --outtype q8_0 makes that small",
    ),
    "bitsandbytes 8 bits": (quantised(None, "weight", "SCB"), "is quantised (bitsandbytes), and"),
    "GPTQ": (
        quantised({"quant_method": "gptq"}, "qweight", "qzeros", "scales", "g_idx"),
        "is quantised (gptq), and",
    ),
    "GPTQ of AutoGPTQ": (
        quantised({"bits": 4}, "qweight", "qzeros", "scales", file="quantize_config.json"),
        "is quantised (GPTQ), and",
    ),
    "AWQ of llm-awq": (
        quantised({"w_bit": 4}, "qweight", "qzeros", "scales", file="quant_config.json"),
        "is quantised (AWQ), and",
    ),
    "undeclared": (quantised(None, "qweight", "scales"), "is quantised (GPTQ or AWQ), and"),
    "the tower": (quantised(None, "SCB", folder="clip"), "clip is quantised (bitsandbytes), and"),
    "declared alone": (
        edit(quantization_config={"load_in_4bit": True}),
        "says that it is quantised (by an unnamed method), though its weights are floats",
    ),
    "LoRA": (
        lambda c: (c.model / "model.safetensors").rename(c.model / "adapter_model.safetensors"),
        "model is a LoRA, which holds only changes to a base model: merge the two first (LLaVA: "
        "scripts/merge_lora_weights.py) and convert the result",
    ),
    "LoRA among the weights": (
        add("model.layers.0.self_attn.q_proj.lora_A.default.weight", np.zeros((2, 32), np.float32)),
        "model is a LoRA",
    ),
    "projector alone": (
        lambda c: (c.model / "model.safetensors").rename(c.model / "mm_projector.bin"),
        "holds a projector alone (mm_projector.bin), not the language model: load it onto its base",
    ),
}


@pytest.mark.parametrize("case", UNSUITABLE)
def test_unsuitable_in_one_line(
    checkpoint: Checkpoint, case: str, capsys: pytest.CaptureFixture
) -> None:
    damage, text = UNSUITABLE[case]
    damage(checkpoint)
    assert checkpoint.convert() == 1
    message = capsys.readouterr().err
    assert text in message and message.count("\n") == 1
    assert checkpoint.left_over() == []


def test_terminal_escapes_are_spelled_out(
    checkpoint: Checkpoint, capsys: pytest.CaptureFixture
) -> None:
    checkpoint.weights(checkpoint.language_tensors | {"\x1b[2J\x9b1m": np.zeros(3, np.float32)})
    assert checkpoint.convert() == 1
    assert "unexpected: \\x1b[2J\\x9b1m [3]" in capsys.readouterr().err


def test_beyond_f16(checkpoint: Checkpoint, capsys: pytest.CaptureFixture) -> None:
    checkpoint.language_tensors["lm_head.weight"][0, 0] = 1e6
    save_safetensors(checkpoint.model / "model.safetensors", checkpoint.language_tensors, "F32")
    assert checkpoint.convert(outtype="f16") == 1
    assert "lm_head.weight exceeds the range of F16" in capsys.readouterr().err
    assert checkpoint.convert(outtype="bf16") == 0
