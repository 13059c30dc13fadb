"""FlexAttention over a GGUF file, written to be read: numpy or PyTorch, float32, no tricks.

The order of work is that of the official code: all crops are encoded before the first question,
and the keys and values of selected cells are projected again on every forward pass. flexvlm must
give the same answers; `benchmark_reference.py` measures how long it takes this way. In words it is
the page Algorithm of the documentation (Sources/FlexVLM/FlexVLM.docc/Algorithm.md).
"""
