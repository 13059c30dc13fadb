"""Starts a tower from that of a shipped GGUF file, which may have fewer layers: new layers begin as
the identity, behind the old ones."""

import gguf
import torch

from vision.tower import VisionTower

LAYER = {"out": "attn_out", "ln1": "ln1", "ln2": "ln2", "fc1": "ffn_up", "fc2": "ffn_down"}  # ours: GGUF's


def tensors(path: str) -> dict:
    """name -> float32 tensor, rows first."""
    out = {}
    for t in gguf.GGUFReader(path).tensors:
        values = torch.from_numpy(gguf.dequantize(t.data, t.tensor_type).copy()).float()
        out[t.name] = values.reshape([int(n) for n in t.shape][::-1])
    return out


def vision_state(of: dict, layers: int) -> dict:
    """The state of a tower of so many layers."""
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
            for ours, theirs in LAYER.items():
                out[f"layers.{i}.{ours}.{kind}"] = of[f"{at}{theirs}.{kind}"]
    return out


def grow(tower: VisionTower, path: str) -> None:
    """Copies the file's tower into `tower`, which must have its width, grid and patch size."""
    of = tensors(path)
    layers = 1 + max(int(name.split(".")[2]) for name in of if name.startswith("v.blk."))
    state = tower.state_dict()
    given = vision_state(of, min(layers, len(tower.layers)))
    misfit = [n for n, v in given.items() if state[n].shape != v.shape]
    if misfit or layers > len(tower.layers):
        raise SystemExit(f"{path}: its tower does not fit into the configured one ({', '.join(misfit[:3])})")
    for i in range(layers, len(tower.layers)):
        for name in ("out", "fc2"):
            for kind in ("weight", "bias"):
                at = f"layers.{i}.{name}.{kind}"
                given[at] = torch.zeros_like(state[at])
    tower.load_state_dict(state | given)
