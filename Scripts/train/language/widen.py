"""Starts a language model from that of a shipped GGUF file, which may be narrower and have fewer
layers. What it computes stays the same (Chen et al., Net2Net, 2016): new features of the residual
stream start at zero, new heads and hidden units start at random and put out nothing yet, new layers
are the identity."""

import math

from language.model import LanguageModel
from vision.grow import tensors

LAYER = {
    "attn_norm": "input_norm", "attn_q": "q", "attn_k": "k", "attn_v": "v", "attn_output": "o",
    "attn_k_hd": "k_hd", "attn_v_hd": "v_hd", "ffn_norm": "post_norm", "ffn_gate": "gate",
    "ffn_up": "up", "ffn_down": "down",
}  # GGUF's names: ours
INTO_STREAM = ("o.weight", "down.weight")  # rows are features of the residual stream


def language_state(of: dict) -> dict:
    """Our names and tensors of a GGUF file's."""
    out = {"embed.weight": of["token_embd.weight"], "norm.weight": of["output_norm.weight"],
           "head.weight": of["output.weight"]}
    for ours, theirs in ((0, 0), (1, 2)):
        for kind in ("weight", "bias"):
            out[f"projector.{ours}.{kind}"] = of[f"mm.{theirs}.{kind}"]
    for name, values in of.items():
        if name.startswith("blk."):
            _, layer, part, kind = name.split(".")
            out[f"layers.{layer}.{LAYER[part]}.{kind}"] = values
    return out


def widen(model: LanguageModel, path: str) -> None:
    """Copies the file's language model into `model`, which has heads of the same size."""
    given, state = language_state(tensors(path)), model.state_dict()
    old = given["norm.weight"].shape[0]
    new = state["norm.weight"].shape[0]
    if max(int(n.split(".")[1]) for n in given if n.startswith("layers.")) >= len(model.layers) or old > new:
        raise SystemExit(f"{path}: its language model does not fit into the configured one")
    # A root mean square over more features, the new ones zero, is smaller by this.
    norm = math.sqrt(old / new)
    for name, ours in state.items():
        theirs = given.get(name)
        part = ".".join(name.split(".")[2:]) if name.startswith("layers.") else name
        if theirs is None:  # a new layer, or a layer that now sees the high view
            if part in INTO_STREAM + ("v_hd.weight",):
                ours.zero_()
            continue
        if theirs.shape == ours.shape and old == new:
            ours.copy_(theirs)
        elif part.endswith("norm.weight"):
            ours.fill_(norm)
            ours[:old] = theirs * norm
        elif part in INTO_STREAM or part in ("projector.1.weight", "projector.1.bias"):
            ours.zero_()
            ours[tuple(slice(n) for n in theirs.shape)] = theirs
        elif part == "embed.weight":
            ours.zero_()
            ours[: len(theirs), :old] = theirs
        elif part == "projector.0.weight" or part == "projector.0.bias":
            ours[: len(theirs)] = theirs
        else:  # old outputs see old features alone until training says otherwise
            ours[: len(theirs)] = 0
            ours[: theirs.shape[0], : theirs.shape[1]] = theirs
    model.load_state_dict(state)
