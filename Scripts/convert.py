#!/usr/bin/env python3
"""Converts a LLaVA or FlexAttention checkpoint to one GGUF file for flexvlm.

  python3 Scripts/convert.py MODEL_DIR --vision-tower CLIP_DIR --outtype f16 -o model.gguf

MODEL_DIR may be an official FlexAttention checkpoint, LLaVA-1.5 in its original layout, or
LLaVA-1.5 as transformers 4 and 5 store it (llava-hf), in safetensors or pytorch_model*.bin files.
The vision tower is taken from --vision-tower where that holds weights, otherwise from the
checkpoint itself. A tower inside that no config.json describes is taken for a CLIP whose heads are
64 wide. Without --prompt-template the model gets LLaVA's bare conversation: a benchmark's request
for a short answer belongs to its questions.
"""

import argparse
import signal
import sys
from pathlib import Path

try:
    from flexvlm_convert import ConversionError, gguf_file, tensor_map
    from flexvlm_convert.checkpoint import has_weights, open_checkpoint
    from flexvlm_convert.files import Tensor, read_json
    from flexvlm_convert.model_config import read_config
    from flexvlm_convert.tokenizer import load_vocabulary
except ImportError as error:
    sys.exit(f"error: {error}; run: pip install -r {Path(__file__).parent / 'requirements.txt'}")


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    # A terminated conversion should clean up as an interrupted one does; nohup ignores hang-ups.
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, _: sys.exit(128 + number))
    try:
        convert(options)
    except (ConversionError, OSError) as error:
        print(f"error: {printable(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        return 130
    return 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, metavar="MODEL_DIR")
    parser.add_argument("--vision-tower", type=Path, metavar="CLIP_DIR")
    parser.add_argument("--outtype", choices=gguf_file.OUTPUT_TYPES, default="f16")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.gguf")
    parser.add_argument("--name", help="general.name (default: the name of the output)")
    parser.add_argument(
        "--prompt-template", help=r"with <image> and {question}; \n stands for a new line"
    )
    parser.add_argument(
        "--spells-answers",
        action="store_true",
        help="the model was trained to answer character by character",
    )
    for name in gguf_file.ABOUT:
        parser.add_argument(f"--{name}", metavar="TEXT", help=f"general.{name} of the file")
    parser.add_argument("--force", action="store_true", help="replace an existing output")
    return parser.parse_args(arguments)


def convert(options: argparse.Namespace) -> None:
    output: Path = options.output
    for directory in filter(None, (options.model, options.vision_tower, output.parent)):
        if not directory.is_dir():
            raise ConversionError(f"{directory} is not a directory")
    if output.exists() and not options.force:
        raise ConversionError(f"{output} exists; give --force to replace it")

    tensors, replaced = open_model(options.model, options.vision_tower)
    template = options.prompt_template
    config = read_config(
        options.model,
        options.vision_tower,
        tensors,
        template and template.replace("\\n", "\n"),
        options.spells_answers,
    )
    vocabulary = load_vocabulary(options.model, config.language.vocabulary)
    targets = tensor_map.targets(config)
    skipped = tensor_map.check(targets, tensors, config)
    if replaced:
        skipped["vision tower inside the checkpoint"] = replaced

    gguf_file.write(
        output,
        (options.name or output.stem).encode("utf-8", "replace").decode(),
        {name: getattr(options, name) for name in gguf_file.ABOUT},
        config,
        vocabulary,
        targets,
        lambda name: tensors[name].read(),
        gguf_file.OUTPUT_TYPES[options.outtype],
    )
    left_out = "; ".join(f"{count} {kind}" for kind, count in sorted(skipped.items())) or "none"
    summary = f"{len(targets)} tensors, {output.stat().st_size:,} bytes; left out: {left_out}"
    print(f"{printable(str(output))}: {summary}", file=sys.stderr)


def open_model(model: Path, tower: Path | None) -> tuple[dict[str, Tensor], int]:
    """All tensors under canonical names, and how many of the tower inside gave way to `tower`."""
    tensors = tensor_map.canonical(open_checkpoint(model))
    if tower is None or not has_weights(tower):
        return tensors, 0
    inside = [name for name in tensors if name.startswith("vision_model.")]
    # The official code loads the tower afresh, unless it was trained with the rest.
    if inside and read_json(model / "config.json").get("unfreeze_mm_vision_tower"):
        return tensors, 0
    for name in inside:
        del tensors[name]
    return tensors | tensor_map.canonical(open_checkpoint(tower)), len(inside)


def printable(text: str) -> str:
    """Names may come from anywhere: what could steer a terminal is spelled out."""
    return "".join(
        character if character.isprintable() or character == "\n" else ascii(character)[1:-1]
        for character in text
    )


if __name__ == "__main__":
    sys.exit(main())
