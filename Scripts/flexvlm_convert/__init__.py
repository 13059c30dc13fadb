"""Turns LLaVA and FlexAttention checkpoints into one GGUF file.

The data's way: `checkpoint` (files to named tensors) and `tokenizer` (files to a vocabulary),
`model_config` (JSON to hyper-parameters), `tensor_map` (source names to GGUF names and shapes),
`gguf_file` (everything to disk).
"""


class ConversionError(Exception):
    """The input cannot be converted; the message says what is wrong, where, and what to do."""
