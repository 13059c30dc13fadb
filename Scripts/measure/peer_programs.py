"""The programs, each in a process of its own: ready, then times of a round when asked."""

import ctypes
import json
import multiprocessing
import subprocess
import time
import warnings
from dataclasses import dataclass

import numpy as np

from measure.peer_files import PATCH, PATCHES, SIDE, VOCABULARY, Sizes

SELECTED = 0.17  # share of the high view's 5184 tokens a layer sees: the paper's cost (see page Policies)


@dataclass(frozen=True)
class Setting:
    sizes: Sizes
    layers: int
    threads: int
    positions: int
    crops: int
    model: str
    tower: str
    program: str


def timed(body) -> float:
    start = time.perf_counter()
    body()
    return time.perf_counter() - start


def bench(setting: Setting, positions: int, *arguments: str) -> dict[str, float]:
    """Seconds of flexvlm's stages, of two rounds: in the first it gets back memory that the peers have
    touched."""
    command = [
        setting.program, "bench", *arguments, "--json", "--rounds", "2", "--threads",
        str(setting.threads), "--crops", str(setting.crops), "--text-tokens", str(positions - PATCHES),
    ]  # fmt: skip
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {stage["stage"]: stage["milliseconds"] / 1e3 for stage in json.loads(output)["stages"]}


def flexvlm(setting: Setting, pipe, precision: str) -> None:
    files = ("--model", setting.model, "--mmproj", setting.tower)
    pipe.send("ready")
    while pipe.recv():
        stages = bench(setting, setting.positions, *files, "--precision", precision)
        pipe.send({name: stages[name] for name in ("vision", "prefill", "decode")})


def llama_cpp(setting: Setting, pipe, extra: bool) -> None:
    import llama_cpp
    from llama_cpp import mtmd_cpp

    llama_cpp.llama_log_set(SILENCE, ctypes.c_void_p(0))
    mtmd_cpp.mtmd_helper_log_set(SILENCE, ctypes.c_void_p(0))
    parameters = llama_cpp.llama_model_default_params()
    parameters.use_extra_bufts = extra  # repacked weights, AMX
    model = llama_cpp.llama_model_load_from_file(setting.model.encode(), parameters)
    options = llama_cpp.llama_context_default_params()
    options.n_ctx = setting.positions + 64
    options.n_batch = options.n_ubatch = setting.positions
    options.n_threads = options.n_threads_batch = setting.threads
    context = llama_cpp.llama_init_from_model(model, options)
    vision = mtmd_cpp.mtmd_context_params_default()
    vision.n_threads = setting.threads
    vision.use_gpu = False
    sight = mtmd_cpp.mtmd_init_from_file(setting.tower.encode(), model, vision)
    pixels = bytes(np.random.default_rng(0).integers(0, 256, SIDE * SIDE * 3, np.uint8))
    bytes_type = ctypes.c_uint8 * len(pixels)
    bitmap = mtmd_cpp.mtmd_bitmap_init(SIDE, SIDE, bytes_type.from_buffer_copy(pixels))
    chunks = mtmd_cpp.mtmd_input_chunks_init()
    marker = mtmd_cpp.mtmd_default_marker()
    text = mtmd_cpp.mtmd_input_text(
        text=marker, text_len=len(marker), add_special=True, parse_special=True
    )
    mtmd_cpp.mtmd_tokenize(
        sight, chunks, ctypes.byref(text), (mtmd_cpp.mtmd_bitmap_p_ctypes * 1)(bitmap), 1)
    image = [
        chunk for chunk in (mtmd_cpp.mtmd_input_chunks_get(chunks, i)
                            for i in range(mtmd_cpp.mtmd_input_chunks_size(chunks)))
        if mtmd_cpp.mtmd_input_chunk_get_type(chunk) == mtmd_cpp.MTMD_INPUT_CHUNK_TYPE_IMAGE
    ][0]  # fmt: skip

    def run(count: int) -> None:
        tokens = (llama_cpp.llama_token * count)(*range(300, 300 + count))
        if llama_cpp.llama_decode(context, llama_cpp.llama_batch_get_one(tokens, count)) != 0:
            raise RuntimeError("llama_decode failed")
        llama_cpp.llama_synchronize(context)

    pipe.send("ready")
    while pipe.recv():
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(context), True)
        pipe.send({
            # The tower and the projector: crop by crop, as it does.
            "vision": timed(lambda: [mtmd_cpp.mtmd_encode_chunk(sight, image)
                                     for _ in range(setting.crops)]),
            "prefill": timed(lambda: run(setting.positions)),
            "decode": min(timed(lambda: run(1)) for _ in range(4)),
        })  # fmt: skip


def transformers_model(setting: Setting):
    """The language model in bfloat16 with the numbers of the file."""
    import gguf
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    sizes = setting.sizes
    config = LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=sizes.width, intermediate_size=sizes.inner,
        num_hidden_layers=setting.layers, num_attention_heads=sizes.heads,
        max_position_embeddings=8192, rms_norm_eps=1e-5, tie_word_embeddings=False,
    )  # fmt: skip
    torch.set_default_dtype(torch.bfloat16)
    model = LlamaForCausalLM(config).eval()
    names = {
        "embed_tokens": "token_embd", "lm_head": "output", "model.norm": "output_norm",
        "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm", "o_proj": "attn_output",
        "q_proj": "attn_q", "k_proj": "attn_k", "v_proj": "attn_v", "gate_proj": "ffn_gate",
        "up_proj": "ffn_up", "down_proj": "ffn_down",
    }  # fmt: skip
    tensors = {tensor.name: tensor for tensor in gguf.GGUFReader(setting.model).tensors}
    with torch.no_grad():
        for name, value in model.named_parameters():
            part = next(ours for theirs, ours in names.items() if theirs in name)
            parts = name.split(".")
            layer = f"blk.{parts[2]}." if parts[1] == "layers" else ""
            tensor = tensors[f"{layer}{part}.weight"]
            numbers = gguf.dequantize(tensor.data, tensor.tensor_type).reshape(value.shape)
            if part in ("attn_q", "attn_k"):  # neighbours rotate together in the file
                heads = numbers.reshape(sizes.heads, -1, 2, sizes.width)
                numbers = heads.swapaxes(1, 2).reshape(value.shape)
            value.copy_(torch.from_numpy(np.array(numbers)))
    return model


def transformers(setting: Setting, pipe) -> None:
    import torch
    from torch.nn.functional import linear, softmax
    from transformers import CLIPVisionConfig, CLIPVisionModel

    warnings.simplefilter("ignore")  # names of arguments that change from version to version
    torch.set_num_threads(setting.threads)
    sizes = setting.sizes
    model = transformers_model(setting)
    config = CLIPVisionConfig(
        hidden_size=sizes.tower_width, intermediate_size=sizes.tower_inner,
        num_attention_heads=sizes.tower_heads, num_hidden_layers=setting.layers, image_size=SIDE,
        patch_size=PATCH,
    )  # fmt: skip
    tower = CLIPVisionModel(config).eval()
    crops = torch.randn(setting.crops, 3, SIDE, SIDE)
    prompt = torch.arange(300, 300 + setting.positions)[None]
    high = torch.randn(round(SELECTED * 9 * PATCHES), sizes.width)
    key, value = (torch.randn(sizes.width, sizes.width) for _ in range(2))
    queries = torch.randn(sizes.heads, setting.positions, sizes.width // sizes.heads)

    def high_layer(rows: int) -> None:
        """What one layer adds as the official code runs it: keys and values of the selected tokens
        anew, and all rows against them twice, once to be masked."""
        keys, values = (
            linear(high, w).view(len(high), sizes.heads, -1).transpose(0, 1) for w in (key, value)
        )
        for _ in range(2 if rows > 1 else 1):
            scores = queries[:, :rows] @ keys.transpose(1, 2)
            softmax(scores.float(), dim=-1).to(values.dtype) @ values

    pipe.send("ready")
    with torch.inference_mode():
        while pipe.recv():
            times = {"vision": timed(lambda: tower(crops))}
            start = time.perf_counter()
            output = model(prompt, use_cache=True, logits_to_keep=1)
            times["prefill"] = time.perf_counter() - start
            token = torch.tensor([[5]])
            times["decode"] = min(
                timed(lambda: model(token, past_key_values=output.past_key_values, use_cache=True))
                for _ in range(4)
            )
            times["high prefill"] = timed(lambda: high_layer(setting.positions))
            times["high step"] = timed(lambda: high_layer(1))
            pipe.send(times)


SILENCE = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(
    lambda level, text, data: None
)


class Peer:
    def __init__(self, name: str, body, setting: Setting, *arguments) -> None:
        self.name, self.failure = name, None
        self.best: dict[str, float] = {}
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(
            target=guarded, args=(body, setting, theirs, *arguments), daemon=False
        )
        self.process.start()
        theirs.close()
        self.receive()

    def receive(self):
        """What the process sends; nothing once it is gone or says why it cannot go on."""
        try:
            message = self.pipe.recv()
        except EOFError:
            self.process.join()
            self.failure = f"ended with code {self.process.exitcode}"
            return None
        if isinstance(message, Exception):
            self.failure = f"{type(message).__name__}: {message}"
            return None
        return message

    def round(self) -> None:
        if self.failure is None:
            self.pipe.send(True)
            for name, seconds in (self.receive() or {}).items():
                self.best[name] = min(seconds, self.best.get(name, float("inf")))

    def end(self) -> None:
        if self.failure is None:
            self.pipe.send(False)
        self.process.join()


def guarded(body, setting: Setting, pipe, *arguments) -> None:
    try:
        body(setting, pipe, *arguments)
    except Exception as error:  # told to the other side, which goes on with the rest
        pipe.send(RuntimeError(f"{type(error).__name__}: {error}"[:300]))
