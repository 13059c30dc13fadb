"""Training goes on from a shipped GGUF file: writes OUT/vision/checkpoint.pt and
OUT/language/checkpoint.pt, from which both stages resume. The heads of dense pre-training and the
optimizers' moments are not in such a file and start afresh (pretrain_vision.py --heads).

python from_weights.py Weights/flexvlm-mini.gguf --config configs/mini.json --out RUN"""

import argparse
import pathlib
import sys

import gguf
import torch

import export
import pretrain_vision
import train_language
from dense_targets import CLASSES
from model import DenseHeads, VisionTower
from optim import Optimizer
from runs import Run, load_config

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from flexvlm_convert.tensor_map import LAYER_TENSORS, VISION_LAYER_TENSORS  # noqa: E402

# Our names to the shipped file's; the shipped file's to ours
VISION_LAYER = {ours: VISION_LAYER_TENSORS[name] for ours, name in export.VISION_LAYER.items()}
LANGUAGE_LAYER = {LAYER_TENSORS[name]: ours for ours, name in export.LAYER.items()}


def tensors(path: str) -> dict:
    """name -> float32 tensor, rows first."""
    out = {}
    for t in gguf.GGUFReader(path).tensors:
        values = torch.from_numpy(gguf.dequantize(t.data, t.tensor_type).copy()).float()
        out[t.name] = values.reshape([int(n) for n in t.shape][::-1])
    return out


def vision_state(of: dict, layers: int) -> dict:
    out = {
        "class_embedding": of["v.class_embd"],
        "position_embedding": of["v.position_embd.weight"],
        "patch_embedding.weight": of["v.patch_embd.weight"].flatten(1),
    }
    for kind in ("weight", "bias"):
        out[f"pre_norm.{kind}"] = of[f"v.pre_ln.{kind}"]
        for i in range(layers):
            at = f"v.blk.{i}."
            out[f"layers.{i}.qkv.{kind}"] = torch.cat([of[f"{at}attn_{c}.{kind}"] for c in "qkv"])
            for ours, theirs in VISION_LAYER.items():
                out[f"layers.{i}.{ours}.{kind}"] = of[f"{at}{theirs}.{kind}"]
    return out


def language_state(of: dict) -> dict:
    out = {
        "embed.weight": of["token_embd.weight"],
        "norm.weight": of["output_norm.weight"],
        "head.weight": of["output.weight"],
    }
    for ours, theirs in ((0, 0), (1, 2)):
        for kind in ("weight", "bias"):
            out[f"projector.{ours}.{kind}"] = of[f"mm.{theirs}.{kind}"]
    for name, values in of.items():
        if name.startswith("blk."):
            _, layer, part, kind = name.split(".")
            out[f"layers.{layer}.{LANGUAGE_LAYER[part]}.{kind}"] = values
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights")
    parser.add_argument("--config", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--step", type=int, default=10**5, help="decides the pages drawn next")
    a = parser.parse_args()
    config, of, out = load_config(a.config), tensors(a.weights), pathlib.Path(a.out)
    g = config["geometry"]
    grid = g["low"] // g["patch"]
    tower = VisionTower(grid, g["patch"], **config["vision"])
    tower.load_state_dict(vision_state(of, config["vision"]["layers"]))
    heads = DenseHeads(config["vision"]["width"], CLASSES, grid)
    model = train_language.make_model(config, len(of["token_embd.weight"]))
    model.load_state_dict(language_state(of))

    def save(stage: str, optimizer: Optimizer, **states) -> None:
        Run(out / stage).save(
            step=a.step,
            optimizer=optimizer.state_dict(),
            config=config,
            annealed_from=-1,
            **states,
        )

    save(
        "vision",
        pretrain_vision.make_optimizer(tower, heads, config["pretrain"]),
        tower=tower.state_dict(),
        heads=heads.state_dict(),
    )
    save(
        "language",
        train_language.make_optimizer(model, config["language_training"]),
        tower=tower.state_dict(),
        model=model.state_dict(),
    )


if __name__ == "__main__":
    main()
