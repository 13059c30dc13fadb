"""Tests of convert.py: types, tokenizers, writing. Run: pytest Scripts"""

import shutil
import subprocess
import sys
from pathlib import Path

import gguf
import numpy as np
import pytest

import convert
from flexvlm_convert import gguf_file
from flexvlm_convert.tokenizer import BYTE, CONTROL, NORMAL, SPACE, UNUSED, load_vocabulary
from fixtures.random_checkpoint import (
    FLEX_COUNT,
    OFFICIAL_CONFIG,
    VOCABULARY,
    Checkpoint,
    save_json,
)

# ---- types and settings ------------------------------------------------------------------------


@pytest.mark.parametrize("outtype, file_type", [("f16", 1), ("bf16", 32), ("q8_0", 7)])
def test_output_types(checkpoint: Checkpoint, outtype: str, file_type: int) -> None:
    assert checkpoint.convert(outtype=outtype) == 0
    assert checkpoint.field("general.file_type") == file_type
    for name, tensor in checkpoint.read().items():
        source = checkpoint.source_of(name)
        stored = tensor.tensor_type.name
        if source.ndim == 1 or name == "v.position_embd.weight":
            assert stored == "F32", name
        elif outtype == "q8_0" and source.shape[-1] % 32:
            assert stored == "F16", name  # ffn_down (rows of 48) and the patch embedding (of 14)
        else:
            assert stored == outtype.upper(), name
        values = gguf.dequantize(tensor.data, tensor.tensor_type).reshape(source.shape)
        error = np.abs(values - source)
        if stored == "Q8_0":
            # Half a step of max/127, and the rounding of the step to F16 over up to 127 steps.
            largest = np.abs(source.reshape(-1, 32)).max(axis=1, keepdims=True)
            assert (error.reshape(-1, 32) <= largest * (0.5 / 127 + 2**-11) + 1e-5).all(), name
        elif stored == "BF16":
            assert (error <= np.abs(source) * 2**-8).all(), name
        else:
            assert not error.any(), name


def test_tied_output_is_left_out(checkpoint: Checkpoint) -> None:
    del checkpoint.language_tensors["lm_head.weight"]
    checkpoint.weights(checkpoint.language_tensors)
    checkpoint.config(OFFICIAL_CONFIG | {"tie_word_embeddings": True})
    assert checkpoint.convert() == 0
    assert "output.weight" not in checkpoint.read()


def test_settings_of_extra(checkpoint: Checkpoint) -> None:
    extra = OFFICIAL_CONFIG["extra"] | {
        "first_selection_layer": "1",
        "selection_grid": "8",
        "prompt_template": "<image>{question}\n",
        "spells_answers": "true",
    }
    checkpoint.config(OFFICIAL_CONFIG | {"extra": extra})
    assert checkpoint.convert() == 0
    assert checkpoint.field("flexvlm.selection.first_layer") == 1
    assert checkpoint.field("flexvlm.selection.grid") == 8
    assert checkpoint.field("flexvlm.prompt_template") == "<image>{question}\n"
    assert checkpoint.field("flexvlm.spells_answers") is True
    assert checkpoint.convert("--force", r"--prompt-template=Q: {question}\n<image>") == 0
    assert checkpoint.field("flexvlm.prompt_template") == "Q: {question}\n<image>"


# ---- tokenizer ---------------------------------------------------------------------------------


def tokenizer_json(folder: Path) -> dict:
    """The fixture's vocabulary as Hugging Face writes it: merges by score, then by ids."""
    pieces = load_vocabulary(folder, VOCABULARY)
    ids = {token: id for id, token in enumerate(pieces.tokens)}
    merges = []
    for token in pieces.tokens:
        if pieces.types[ids[token]] == NORMAL:
            pairs = ((token[:cut], token[cut:]) for cut in range(1, len(token)))
            merges += [pair for pair in pairs if pair[0] in ids and pair[1] in ids]
    merges.sort(key=lambda pair: -pieces.scores[ids["".join(pair)]])
    return {
        "added_tokens": [
            {"id": id, "content": content, "special": True}
            for id, content in ((0, "<unk>"), (1, "<s>"), (2, "</s>"), (512, "<image>"))
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Prepend", "prepend": SPACE},
                {"type": "Replace", "pattern": {"String": " "}, "content": SPACE},
            ],
        },
        "pre_tokenizer": None,
        "model": {
            "type": "BPE",
            "byte_fallback": True,
            "unk_token": "<unk>",
            "vocab": ids,
            "merges": [" ".join(pair) for pair in merges],
        },
    }


def test_tokenizer_json_equals_tokenizer_model(checkpoint: Checkpoint) -> None:
    expected = load_vocabulary(checkpoint.model, VOCABULARY)
    document = tokenizer_json(checkpoint.model)
    (checkpoint.model / "tokenizer.model").unlink()
    save_json(checkpoint.model / "tokenizer.json", document)
    actual = load_vocabulary(checkpoint.model, 520)
    assert actual.tokens[:512] == expected.tokens
    assert actual.types[:512] == expected.types
    assert (actual.bos, actual.eos, actual.unknown) == (1, 2, 0)
    assert actual.add_space_prefix
    assert (actual.tokens[512], actual.types[512]) == ("<image>", CONTROL)
    assert actual.tokens[513:] == [f"[PAD{id}]" for id in range(513, 520)]
    assert set(actual.types[513:]) == {UNUSED}
    # Scores only rank merges: single characters and bytes are never the result of one.
    merged = [
        id
        for id, token in enumerate(expected.tokens)
        if len(token) > 1 and expected.types[id] == NORMAL
    ]
    assert len(merged) > 100
    assert [actual.scores[id] for id in merged] == [expected.scores[id] for id in merged]
    assert expected.types[3:259] == [BYTE] * 256


def test_metaspace_without_prefix(checkpoint: Checkpoint) -> None:
    document = tokenizer_json(checkpoint.model) | {"normalizer": None}
    document["pre_tokenizer"] = {
        "type": "Metaspace",
        "replacement": SPACE,
        "prepend_scheme": "never",
        "split": False,
    }
    (checkpoint.model / "tokenizer.model").unlink()
    save_json(checkpoint.model / "tokenizer.json", document)
    assert not load_vocabulary(checkpoint.model, 520).add_space_prefix


# ---- writing -----------------------------------------------------------------------------------


def test_existing_output_is_kept(checkpoint: Checkpoint, capsys: pytest.CaptureFixture) -> None:
    checkpoint.output.write_text("mine")
    assert checkpoint.convert() == 1
    assert "give --force" in capsys.readouterr().err
    assert checkpoint.output.read_text() == "mine"
    assert checkpoint.convert("--force") == 0
    checkpoint.assert_exact(FLEX_COUNT)


def test_disk_full(checkpoint: Checkpoint, monkeypatch, capsys: pytest.CaptureFixture) -> None:
    usage = shutil.disk_usage(checkpoint.model)._replace(free=1000)
    monkeypatch.setattr(gguf_file.shutil, "disk_usage", lambda _: usage)
    assert checkpoint.convert() == 1
    assert "has 1,000 bytes free" in capsys.readouterr().err


def test_interrupted_write_leaves_nothing(checkpoint: Checkpoint, monkeypatch) -> None:
    encode, calls = gguf_file.encode, []

    def interrupted(*arguments):
        calls.append(arguments[0])
        if len(calls) == 20:
            assert len(checkpoint.left_over()) == 1  # the partial file
            raise KeyboardInterrupt
        return encode(*arguments)

    monkeypatch.setattr(gguf_file, "encode", interrupted)
    assert checkpoint.convert() == 130
    assert checkpoint.left_over() == []


def test_names_that_are_not_utf8(checkpoint: Checkpoint) -> None:
    folder = checkpoint.output.parent
    checkpoint.model = checkpoint.model.rename(folder / "model\udcff")
    checkpoint.output = folder / "out\udcff.gguf"
    assert checkpoint.convert() == 0
    assert checkpoint.field("general.name") == "out?"


def test_command_line(checkpoint: Checkpoint) -> None:
    script = Path(convert.__file__)
    command = [sys.executable, script, checkpoint.model, "--vision-tower", checkpoint.clip]
    result = subprocess.run(
        [*command, "--outtype", "q8_0", "-o", checkpoint.output], capture_output=True, text=True
    )
    assert (result.returncode, result.stdout) == (0, "")
    assert f"{FLEX_COUNT} tensors" in result.stderr
