"""A vocabulary from tokenizer.model (SentencePiece) or tokenizer.json (Hugging Face): LLaMA's, or
SmolLM2's byte-level one."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import ConversionError
from .files import open_file, read_json

# The numbers are the same in SentencePiece and in GGUF.
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = 1, 2, 3, 4, 5, 6
BPE = 2  # TrainerSpec.ModelType
SPACE = "\u2581"


@dataclass
class Vocabulary:
    """Pieces in id order; scores rank merges (the highest first)."""

    tokens: list[str]
    scores: list[float]
    types: list[int]
    bos: int
    eos: int
    unknown: int
    add_space_prefix: bool
    # Byte-level vocabularies have these: the name of the word pattern, and pairs that merge.
    pattern: str | None = None
    merges: list[str] = field(default_factory=list)
    add_bos: bool = True


def load_vocabulary(directory: Path, size: int) -> Vocabulary:
    """The vocabulary of a checkpoint, with its added tokens, padded to the embedding's rows."""
    if (directory / "tokenizer.model").exists():
        vocabulary = _from_sentencepiece(directory / "tokenizer.model")
        added = _added_tokens(directory)
    elif (directory / "tokenizer.json").exists():
        document = read_json(directory / "tokenizer.json")
        if _is_byte_level(document):
            vocabulary, added = _byte_level(directory, document)
        else:
            vocabulary, added = _from_tokenizer_json(directory / "tokenizer.json", document)
    else:
        raise ConversionError(f"{directory} has neither tokenizer.model nor tokenizer.json")

    for id, (content, kind) in sorted(added.items()):
        if id < len(vocabulary.tokens):
            if vocabulary.tokens[id] != content:
                raise ConversionError(
                    f"{directory}: added token {content!r} has id {id}, "
                    f"which is already {vocabulary.tokens[id]!r}"
                )
            continue
        _pad(vocabulary, id)
        vocabulary.tokens.append(content)
        vocabulary.scores.append(0.0)
        vocabulary.types.append(kind)
    if len(vocabulary.tokens) > size:
        raise ConversionError(
            f"{directory}: the tokenizer has {len(vocabulary.tokens)} tokens, "
            f"the embedding only {size} rows"
        )
    _pad(vocabulary, size)
    return vocabulary


def _pad(vocabulary: Vocabulary, size: int) -> None:
    for id in range(len(vocabulary.tokens), size):
        vocabulary.tokens.append(f"[PAD{id}]")
        vocabulary.scores.append(0.0)
        vocabulary.types.append(UNUSED)


def _added_tokens(directory: Path) -> dict[int, tuple[str, int]]:
    added: dict[int, tuple[str, int]] = {}
    if (directory / "added_tokens.json").exists():
        for content, id in read_json(directory / "added_tokens.json").items():
            added[int(id)] = (content, CONTROL)
    if (directory / "tokenizer_config.json").exists():
        config = read_json(directory / "tokenizer_config.json")
        for id, entry in config.get("added_tokens_decoder", {}).items():
            added[int(id)] = (entry["content"], CONTROL if entry.get("special") else USER_DEFINED)
    return added


# SentencePiece's ModelProto, read from its wire format: fields are few and have not moved since
# 2018, while the generated classes depend on the installed protobuf.


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """(field number, value) of a protobuf message: an int, or the bytes of any other kind."""
    position = 0

    def varint() -> int:
        nonlocal position
        value = shift = 0
        while True:
            byte = data[position]
            position += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    while position < len(data):
        number, wire = divmod(varint(), 8)
        if wire == 0:
            yield number, varint()
            continue
        if wire not in (1, 2, 5):
            raise ValueError(f"wire type {wire}")
        length = {1: 8, 5: 4}.get(wire) or varint()
        if position + length > len(data):
            raise IndexError("a field runs past the end")
        yield number, data[position : position + length]
        position += length


def _from_sentencepiece(path: Path) -> Vocabulary:
    pieces: list[dict[int, Any]] = []
    trainer: dict[int, Any] = {}
    normalizer: dict[int, Any] = {}
    try:
        with open_file(path) as file:
            data = file.read()
        for number, value in _fields(data):
            if number == 1:
                pieces.append(dict(_fields(value)))
            elif number == 2:
                trainer = dict(_fields(value))
            elif number == 3:
                normalizer = dict(_fields(value))
        tokens = [piece[1].decode("utf-8") for piece in pieces]
        scores = [struct.unpack("<f", piece.get(2, bytes(4)))[0] for piece in pieces]
    except (IndexError, KeyError, TypeError, ValueError, AttributeError, struct.error) as error:
        raise ConversionError(f"{path} is not a SentencePiece model: {error}") from None

    _require(
        path,
        {
            "has pieces": bool(pieces),
            "is BPE": trainer.get(3, 1) == BPE,
            "falls back to bytes": bool(trainer.get(35, 0)),
            "puts spaces before words": not trainer.get(24, 0),
            "has an identity normaliser": not normalizer.get(2),
            "keeps repeated spaces": not normalizer.get(4, 1),
            f"writes spaces as {SPACE}": bool(normalizer.get(5, 1)),
        },
    )
    return Vocabulary(
        tokens,
        scores,
        types=[piece.get(3, NORMAL) for piece in pieces],
        bos=trainer.get(41, 1),
        eos=trainer.get(42, 2),
        unknown=trainer.get(40, 0),
        add_space_prefix=bool(normalizer.get(3, 1)),
    )


def _from_tokenizer_json(
    path: Path, document: dict[str, Any]
) -> tuple[Vocabulary, dict[int, tuple[str, int]]]:
    model = document.get("model", {})
    steps = _steps(document.get("normalizer"), "normalizers")
    steps += _steps(document.get("pre_tokenizer"), "pretokenizers")
    known = {"Prepend": "prepend", "Replace": "content", "Metaspace": "replacement"}
    prefix = any(
        step["type"] == "Prepend"
        or step.get("prepend_scheme", "never") != "never"
        or step.get("add_prefix_space", False)
        for step in steps
    )
    _require(
        path,
        {
            "is BPE": model.get("type") == "BPE",
            "falls back to bytes": bool(model.get("byte_fallback")),
            "only prefixes and replaces spaces": all(
                step.get(known.get(step["type"], "")) == SPACE for step in steps
            ),
            f"writes spaces as {SPACE}": any(step["type"] != "Prepend" for step in steps),
            "has a vocabulary and merges": bool(model.get("vocab")) and bool(model.get("merges")),
        },
    )
    tokens = _in_order(path, model["vocab"])

    # Merges are listed from the best score down, all merges that form one piece together, so the
    # order in which pieces first appear is the order of SentencePiece's scores.
    rank: dict[str, int] = {}
    for merge in model["merges"]:
        rank.setdefault("".join(merge.split(" ") if isinstance(merge, str) else merge), len(rank))
    scores = [float(-rank.get(token, len(tokens))) for token in tokens]

    added = _added(document)
    unknown = model.get("unk_token") or "<unk>"
    for special in (unknown, "<s>", "</s>"):
        if special not in model["vocab"]:
            raise ConversionError(f"{path}: the vocabulary lacks {special}")

    def kind(id: int, token: str) -> int:
        if token == unknown:
            return UNKNOWN
        if len(token) == 6 and token.startswith("<0x") and token.endswith(">"):
            return BYTE
        return added[id][1] if id in added else NORMAL

    types = [kind(id, token) for id, token in enumerate(tokens)]
    for id, type in enumerate(types):
        if type != NORMAL:
            scores[id] = 0.0
    vocab = model["vocab"]
    return (
        Vocabulary(tokens, scores, types, vocab["<s>"], vocab["</s>"], vocab[unknown], prefix),
        added,
    )


def _in_order(path: Path, vocab: dict[str, int]) -> list[str]:
    by_id = {id: token for token, id in vocab.items()}
    if sorted(by_id) != list(range(len(by_id))):
        raise ConversionError(f"{path}: the ids of the vocabulary have gaps")
    return [by_id[id] for id in range(len(by_id))]


def _added(document: dict[str, Any]) -> dict[int, tuple[str, int]]:
    return {
        entry["id"]: (entry["content"], CONTROL if entry.get("special") else USER_DEFINED)
        for entry in document.get("added_tokens", [])
    }


def _is_byte_level(document: dict[str, Any]) -> bool:
    steps = _steps(document.get("pre_tokenizer"), "pretokenizers")
    return any(step["type"] == "ByteLevel" for step in steps)


def _byte_level(
    directory: Path, document: dict[str, Any]
) -> tuple[Vocabulary, dict[int, tuple[str, int]]]:
    """GPT-2's scheme: pieces are bytes written as characters, merges are listed."""
    path, model = directory / "tokenizer.json", document.get("model", {})
    steps = _steps(document.get("pre_tokenizer"), "pretokenizers")
    digits = [step for step in steps if step["type"] == "Digits"]
    words = [step for step in steps if step["type"] == "ByteLevel"]
    entries = document.get("added_tokens", [])
    _require(
        path,
        {
            "is BPE": model.get("type") == "BPE",
            "has a vocabulary and merges": bool(model.get("vocab")) and bool(model.get("merges")),
            "merges whole words too": not model.get("ignore_merges"),
            "has no normaliser": document.get("normalizer") is None,
            "splits words as GPT-2 does, after single digits or not": steps == digits + words
            and len(words) == 1
            and len(digits) <= 1
            and all(step.get("individual_digits") for step in digits)
            and words[0].get("use_regex", True)
            and not words[0].get("add_prefix_space", True),
            "takes added tokens as they stand": not any(
                entry.get(key) for entry in entries for key in ("lstrip", "rstrip", "single_word")
            ),
        },
        "byte-level",
    )
    tokens, added = _in_order(path, model["vocab"]), _added(document)
    config_path = directory / "tokenizer_config.json"
    config = read_json(config_path) if config_path.exists() else {}
    ids = dict(model["vocab"]) | {content: id for id, (content, _) in added.items()}

    def special(name: str) -> int:
        entry = config.get(f"{name}_token")
        content = entry["content"] if isinstance(entry, dict) else entry
        if content not in ids:
            raise ConversionError(f"{config_path}: {name}_token {content!r} is not in {path.name}")
        return ids[content]

    pairs = [merge.split(" ") if isinstance(merge, str) else merge for merge in model["merges"]]
    vocabulary = Vocabulary(
        tokens,
        scores=[0.0] * len(tokens),
        types=[added[id][1] if id in added else NORMAL for id in range(len(tokens))],
        bos=special("bos"),
        eos=special("eos"),
        unknown=0,
        add_space_prefix=False,
        pattern="smollm" if digits else "gpt-2",
        merges=[" ".join(pair) for pair in pairs],
        add_bos=bool(config.get("add_bos_token", False)),
    )
    return vocabulary, added


def _steps(node: dict[str, Any] | None, children: str) -> list[dict[str, Any]]:
    if node is None:
        return []
    return node[children] if node.get("type") == "Sequence" else [node]


def _require(path: Path, conditions: dict[str, bool], kind: str = "LLaMA") -> None:
    failed = [text for text, holds in conditions.items() if not holds]
    if failed:
        raise ConversionError(
            f"{path} is not a {kind} tokenizer; it should be one that: {'; '.join(failed)}"
        )
