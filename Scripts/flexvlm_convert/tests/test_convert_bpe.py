"""Byte-level tokenizers, and what a converted file tells about itself."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import gguf
import numpy as np
import pytest
from flexvlm_convert import ConversionError
from flexvlm_convert.tokenizer import CONTROL, NORMAL, UNUSED, USER_DEFINED, load_vocabulary
from fixtures.random_checkpoint import OFFICIAL_CONFIG, Checkpoint, save_json

BPE = Path(__file__).parents[3] / "Tests/FlexVLMTests/Fixtures/bpe"


@pytest.fixture
def tokenizer(tmp_path: Path) -> Path:
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(BPE / name, tmp_path)
    return tmp_path


def changed(folder: Path, change) -> None:
    document = json.loads((folder / "tokenizer.json").read_text())
    change(document)
    save_json(folder / "tokenizer.json", document)


def test_byte_level_vocabulary(tokenizer: Path) -> None:
    extra = {"id": 1000, "content": "<image>", "special": False}
    changed(tokenizer, lambda document: document["added_tokens"].append(extra))
    vocabulary = load_vocabulary(tokenizer, 1003)
    assert vocabulary.tokens[:3] == ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    assert vocabulary.types[:4] == [CONTROL, CONTROL, CONTROL, NORMAL]
    assert (vocabulary.tokens[1000], vocabulary.types[1000]) == ("<image>", USER_DEFINED)
    assert vocabulary.types[1001:] == [UNUSED, UNUSED]
    assert (vocabulary.bos, vocabulary.eos, vocabulary.add_bos) == (1, 2, False)
    assert vocabulary.pattern == "smollm"
    assert not vocabulary.add_space_prefix
    merges = json.loads((tokenizer / "tokenizer.json").read_text())["model"]["merges"]
    assert vocabulary.merges == [" ".join(pair) for pair in merges]


def test_digits_together(tokenizer: Path) -> None:
    changed(tokenizer, lambda d: d.update(pre_tokenizer=d["pre_tokenizer"]["pretokenizers"][1]))
    assert load_vocabulary(tokenizer, 1000).pattern == "gpt-2"


@pytest.mark.parametrize(
    "change, reason",
    [
        (lambda d: d["model"].update(ignore_merges=True), "merges whole words too"),
        (lambda d: d.update(normalizer={"type": "NFC"}), "has no normaliser"),
        (lambda d: d["added_tokens"][1].update(lstrip=True), "takes added tokens as they stand"),
        (
            lambda d: d["pre_tokenizer"]["pretokenizers"][0].update(individual_digits=False),
            "splits words as GPT-2 does",
        ),
        (
            lambda d: d["pre_tokenizer"]["pretokenizers"].insert(0, {"type": "Punctuation"}),
            "splits words as GPT-2 does",
        ),
    ],
)
def test_other_byte_level_tokenizers_are_refused(tokenizer: Path, change, reason: str) -> None:
    changed(tokenizer, change)
    with pytest.raises(ConversionError, match=f"not a byte-level tokenizer.*{reason}"):
        load_vocabulary(tokenizer, 1000)


def test_missing_special_token(tokenizer: Path) -> None:
    save_json(tokenizer / "tokenizer_config.json", {"bos_token": "<|im_start|>"})
    with pytest.raises(ConversionError, match="eos_token None is not in tokenizer.json"):
        load_vocabulary(tokenizer, 1000)


def test_byte_level_checkpoint(checkpoint: Checkpoint, tokenizer: Path) -> None:
    random = np.random.default_rng(1)
    for name in ("model.embed_tokens.weight", "lm_head.weight"):
        values = random.normal(0, 0.1, (1000, 32)).astype(np.float16).astype(np.float32)
        checkpoint.language_tensors[name] = values
    checkpoint.weights(checkpoint.language_tensors)
    checkpoint.config(OFFICIAL_CONFIG | {"vocab_size": 1000, "rope_theta": 100000.0})
    (checkpoint.model / "tokenizer.model").unlink()
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(tokenizer / name, checkpoint.model)
    assert checkpoint.convert() == 0
    for key, value in {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "smollm",
        "tokenizer.ggml.add_bos_token": False,
        "tokenizer.ggml.eos_token_id": 2,
        "flexvlm.rope.freq_base": 100000.0,
    }.items():
        assert checkpoint.field(key) == value, key


def test_a_file_tells_about_itself_and_can_be_edited(checkpoint: Checkpoint) -> None:
    about = {"license": "cc0-1.0", "author": "A. Author", "url": "https://a.b", "description": "é"}
    assert checkpoint.convert(*(f"--{key}={value}" for key, value in about.items())) == 0
    for key, value in about.items():
        assert checkpoint.field(f"general.{key}") == value
    edited = checkpoint.output.with_name("edited.gguf")
    command = ["-m", "gguf.scripts.gguf_new_metadata", "--general-description", "other"]
    subprocess.run([sys.executable, *command, checkpoint.output, edited], check=True)
    reader, original = gguf.GGUFReader(edited), checkpoint.read()
    assert reader.fields["general.description"].contents() == "other"
    assert reader.fields["general.license"].contents() == "cc0-1.0"
    for tensor in reader.tensors:
        assert np.array_equal(tensor.data, original[tensor.name].data)
