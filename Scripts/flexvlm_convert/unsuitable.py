"""Folders that hold something else than all of a model's weights as floats, told in one line."""

import re
from pathlib import Path

from . import ConversionError
from .files import Tensor, read_json

# What is stored beside or in place of a weight, by who stores it.
QUANTISED_PARTS = (
    ("bitsandbytes", r"SCB|weight_format|weight\.((nested_)?(absmax|quant_map)|quant_state\..*)"),
    ("GPTQ or AWQ", r"qweight|qzeros|g_idx|scales"),
    ("compressed-tensors or FP8", r"weight_(packed|scale|scale_inv|zero_point|shape)"),
    ("HQQ", r"W_q"),
    ("quanto", r"weight\._(data|scale)"),
)


def check(directory: Path, tensors: dict[str, Tensor]) -> None:
    """Refuses quantised weights, and a LoRA beside the weights that it changes."""
    if any(".lora_A." in name for name in tensors):
        raise ConversionError(_lora(directory))
    declared, found = _declared_method(directory), _found_method(tensors)
    if found:
        raise ConversionError(
            f"{directory} is quantised ({declared or found}), and only weights of 16 bits or more "
            "are converted: convert the checkpoint it was made from; --outtype q8_0 makes that "
            "small"
        )
    if declared:
        raise ConversionError(
            f"{directory} says that it is quantised ({declared}), though its weights are floats: "
            "if they are right, take quantization_config out of config.json"
        )


def no_weights(directory: Path) -> ConversionError:
    """Why a folder without model weights cannot be converted, and what to do."""
    if any(directory.glob("adapter_*")):
        return ConversionError(_lora(directory))
    projectors = [*directory.glob("mm_projector*"), *directory.glob("non_lora_trainables*")]
    if projectors:
        return ConversionError(
            f"{directory} holds a projector alone ({projectors[0].name}), not the language model: "
            "load it onto its base model (LLaVA: load_pretrained_model with model_base), "
            "save the whole by save_pretrained and convert that"
        )
    return ConversionError(f"{directory} has no model*.safetensors and no pytorch_model*.bin")


def _lora(directory: Path) -> str:
    return (
        f"{directory} is a LoRA, which holds only changes to a base model: merge the two first "
        "(LLaVA: scripts/merge_lora_weights.py) and convert the result"
    )


def _found_method(tensors: dict[str, Tensor]) -> str | None:
    """The method that the tensors' names or, failing these, types tell."""
    for method, pattern in QUANTISED_PARTS:
        ending = re.compile(rf"\.({pattern})$")
        if any(ending.search(name) for name in tensors):
            return method
    weights = (tensor for name, tensor in tensors.items() if name.endswith(".weight"))
    return next((weight.type for weight in weights if not weight.is_float), None)


def _declared_method(directory: Path) -> str | None:
    """The method that the configuration names; older libraries write a file of their own."""
    for name, method in (("quantize_config.json", "GPTQ"), ("quant_config.json", "AWQ")):
        if (directory / name).exists():
            return method
    if not (directory / "config.json").exists():
        return None
    config = read_json(directory / "config.json")
    text = config.get("text_config")
    settings = config.get("quantization_config") or (
        text.get("quantization_config") if isinstance(text, dict) else None
    )
    if not settings:
        return None
    named = settings.get("quant_method") if isinstance(settings, dict) else None
    return str(named or "by an unnamed method")
