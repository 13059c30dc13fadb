"""Writes a stage 2 checkpoint in the official layout: OUT/model and OUT/clip, for
Scripts/convert.py.

python -m runs.export RUN/checkpoint.pt --tokenizer T.model --out OUT"""

import argparse
import json
import pathlib
import shutil

import torch
from safetensors.torch import save_file

from vision.tower import MEAN, STD

PROMPT = "<image>{question}\n"
LAYER = {
    "q": "self_attn.q_proj",
    "k": "self_attn.k_proj",
    "v": "self_attn.v_proj",
    "o": "self_attn.o_proj",
    "k_hd": "self_attn.k_proj_hd",
    "v_hd": "self_attn.v_proj_hd",
    "gate": "mlp.gate_proj",
    "up": "mlp.up_proj",
    "down": "mlp.down_proj",
    "input_norm": "input_layernorm",
    "post_norm": "post_attention_layernorm",
}
VISION_LAYER = {
    "out": "self_attn.out_proj",
    "ln1": "layer_norm1",
    "ln2": "layer_norm2",
    "fc1": "mlp.fc1",
    "fc2": "mlp.fc2",
}


def language_tensors(state: dict) -> dict:
    out = {
        "model.embed_tokens.weight": state["embed.weight"],
        "model.norm.weight": state["norm.weight"],
        "lm_head.weight": state["head.weight"],
    }
    for ours, theirs in ((0, 0), (1, 2)):
        for kind in ("weight", "bias"):
            out[f"model.mm_projector.{theirs}.{kind}"] = state[f"projector.{ours}.{kind}"]
    for name, tensor in state.items():
        if name.startswith("layers."):
            _, layer, part, kind = name.split(".")
            out[f"model.layers.{layer}.{LAYER[part]}.{kind}"] = tensor
    return out


def vision_tensors(state: dict, patch: int) -> dict:
    width = state["class_embedding"].shape[0]
    root = "vision_model."
    out = {
        root + "embeddings.class_embedding": state["class_embedding"],
        root + "embeddings.position_embedding.weight": state["position_embedding"],
        root + "embeddings.patch_embedding.weight": state["patch_embedding.weight"].view(
            width, 3, patch, patch
        ),
    }
    for kind, fill in (("weight", torch.ones), ("bias", torch.zeros)):
        out[root + f"pre_layrnorm.{kind}"] = state[f"pre_norm.{kind}"]
        out[root + f"post_layernorm.{kind}"] = fill(
            width
        )  # CLIP's, not used: features are taken before it
    for name, tensor in state.items():
        if name.startswith("layers."):
            _, layer, part, kind = name.split(".")
            at = f"{root}encoder.layers.{layer}."
            if part == "qkv":
                for letter, third in zip("qkv", tensor.chunk(3)):
                    out[f"{at}self_attn.{letter}_proj.{kind}"] = third
            else:
                out[f"{at}{VISION_LAYER[part]}.{kind}"] = tensor
    return out


def masters(saved: dict, key: str) -> dict:
    """The float32 masters of what was trained, the stored weights of the rest."""
    optimizer = {"model": "optimizer", "tower": "tower_optimizer"}[key]
    trained = saved.get(optimizer, {}).get("state", {})
    return {n: trained[n]["master"] if n in trained else t.float() for n, t in saved[key].items()}


def language_config(config: dict, vocabulary: int, dtype: str) -> dict:
    """What the official code's config.json says."""
    g, l, v = config["geometry"], config["language"], config["vision"]
    return dict(
        model_type="llava_llama",
        architectures=["LlavaLlamaForCausalLM"],
        hidden_size=l["width"],
        intermediate_size=l["inner"],
        num_hidden_layers=l["layers"],
        num_attention_heads=l["heads"],
        num_key_value_heads=l["heads"],
        vocab_size=vocabulary,
        rms_norm_eps=1e-5,
        rope_theta=10000.0,
        max_position_embeddings=1024,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
        hidden_act="silu",
        tie_word_embeddings=False,
        mm_hidden_size=v["width"],
        mm_projector_type="mlp2x_gelu",
        mm_vision_select_layer=-1,
        mm_vision_select_feature="patch",
        mm_vision_tower="clip",
        image_aspect_ratio="pad",
        torch_dtype=dtype,
        use_mm_proj=True,
        extra=dict(
            zoom_ratio=str(g["zoom"]),
            lowres_size=str(g["low"]),
            highres_size=str(g["low"] * g["zoom"]),
            threshold=str(l["threshold"]),
            first_selection_layer=str(l["first"]),
            selection_grid=str(l["cells"]),
            prompt_template=PROMPT,
        ),
    )


def vision_config(config: dict) -> dict:
    """What CLIP's config.json says."""
    g, v = config["geometry"], config["vision"]
    return dict(
        model_type="clip_vision_model",
        architectures=["CLIPVisionModel"],
        hidden_size=v["width"],
        intermediate_size=4 * v["width"],
        num_hidden_layers=v["layers"],
        num_attention_heads=v["heads"],
        image_size=g["low"],
        patch_size=g["patch"],
        num_channels=3,
        hidden_act="quick_gelu",
        layer_norm_eps=1e-5,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint")
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--dtype", choices=["float16", "float32"], default="float16")
    a = parser.parse_args()
    saved = torch.load(a.checkpoint, map_location="cpu", weights_only=False)
    config = saved["config"]
    g = config["geometry"]
    folders = [pathlib.Path(a.out, n) for n in ("model", "clip")]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    language = language_tensors(masters(saved, "model"))
    vision = vision_tensors(masters(saved, "tower"), g["patch"])
    for folder, tensors in zip(folders, (language, vision)):
        save_file(
            {k: t.to(getattr(torch, a.dtype)).contiguous() for k, t in tensors.items()},
            folder / "model.safetensors",
            metadata={"format": "pt"},
        )
    write = lambda folder, name, content: (folder / name).write_text(
        json.dumps(content, indent=1) + "\n"
    )
    vocabulary = language["lm_head.weight"].shape[0]
    write(folders[0], "config.json", language_config(config, vocabulary, a.dtype))
    write(folders[1], "config.json", vision_config(config))
    write(
        folders[1],
        "preprocessor_config.json",
        dict(
            crop_size=g["low"],
            do_center_crop=True,
            do_normalize=True,
            do_resize=True,
            image_mean=MEAN,
            image_std=STD,
            resample=3,
            size=g["low"],
        ),
    )
    shutil.copy(a.tokenizer, folders[0] / "tokenizer.model")
    count = lambda tensors: sum(t.numel() for t in tensors.values()) / 1e6
    print(
        f"{a.out}: language {count(language):.2f} M, vision {count(vision):.2f} M parameters, "
        f"step {saved['step']}, {saved['hours']:.2f} hours"
    )


if __name__ == "__main__":
    main()
