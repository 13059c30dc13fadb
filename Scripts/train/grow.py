"""Starts a tower from an exported one that is smaller: fewer layers, a smaller position grid.

New layers begin as the identity. The position grid is continued along the sin-cos code it was
written with."""

import json
import pathlib

import torch
from safetensors.torch import load_file

from model import VisionTower, position_code


def grow(tower: VisionTower, folder: str) -> None:
    """Copies the CLIP directory `folder` into `tower`, which must have its width, heads and patch
    size."""
    config = json.loads(pathlib.Path(folder, "config.json").read_text())
    width, layers, old = (
        config["hidden_size"],
        config["num_hidden_layers"],
        config["image_size"] // config["patch_size"],
    )
    if (
        (width, config["patch_size"]) != (tower.class_embedding.shape[0], tower.patch)
        or layers > len(tower.layers)
        or old > tower.grid
        or config["num_attention_heads"] != tower.layers[0].heads
    ):
        raise SystemExit(
            f"{folder}: a tower of width {width}, {layers} layers and a grid of {old} does not fit"
            " into the configured one"
        )
    root = "vision_model."
    source = {
        k.removeprefix(root): v.float()
        for k, v in load_file(pathlib.Path(folder, "model.safetensors")).items()
    }
    state = tower.state_dict()
    state["class_embedding"] = source["embeddings.class_embedding"]
    state["patch_embedding.weight"] = source["embeddings.patch_embedding.weight"].flatten(1)
    for kind in ("weight", "bias"):
        state[f"pre_norm.{kind}"] = source[f"pre_layrnorm.{kind}"]
    names = {
        "out": "self_attn.out_proj",
        "ln1": "layer_norm1",
        "ln2": "layer_norm2",
        "fc1": "mlp.fc1",
        "fc2": "mlp.fc2",
    }
    for i in range(len(tower.layers)):
        at = f"encoder.layers.{i}."
        for kind in ("weight", "bias"):
            if i < layers:
                state[f"layers.{i}.qkv.{kind}"] = torch.cat(
                    [source[f"{at}self_attn.{letter}_proj.{kind}"] for letter in "qkv"]
                )
                for ours, theirs in names.items():
                    state[f"layers.{i}.{ours}.{kind}"] = source[f"{at}{theirs}.{kind}"]
            else:
                for into_residual in ("out", "fc2"):
                    state[f"layers.{i}.{into_residual}.{kind}"] = torch.zeros_like(
                        state[f"layers.{i}.{into_residual}.{kind}"]
                    )
    state["position_embedding"] = continue_positions(
        source["embeddings.position_embedding.weight"], old, tower.grid
    )
    tower.load_state_dict(state)


def continue_positions(table, old: int, new: int):
    """[1 + old^2, d] -> [1 + new^2, d]: what the code explains is continued, the rest is kept
    where it is known."""
    code = position_code(new)
    code = torch.cat([code, torch.ones(len(code), 1)], 1)
    known = (torch.arange(new)[:, None] < old) & (torch.arange(new) < old)
    inside = code[known.flatten()]
    fit = torch.linalg.solve(
        inside.T @ inside + 0.1 * torch.eye(inside.shape[1]), inside.T @ table[1:]
    )
    out = code @ fit
    out[known.flatten()] = table[1:]
    return torch.cat([table[:1], out])
