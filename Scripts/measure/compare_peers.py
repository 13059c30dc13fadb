#!/usr/bin/env python3
"""flexvlm beside llama.cpp and transformers: the same sizes, the same weights, in turn in one run.

  python3 -m pip install torch transformers llama-cpp-python gguf
  PYTHONPATH=Scripts python3 -m measure.compare_peers .build/release/flexvlm --layers 4 --type Q8_0

Makes a LLaVA-1.5 of random weights in llama.cpp's two files, cut to so many layers of decoder and
tower, and times a prompt, one token more and the tower's crops with each program; transformers gets
the numbers that the files stand for, in bfloat16. Rounds alternate between the programs, and the
best of each counts. Then a high-resolution question with all layers is put together from the times
of its parts: flexvlm's, all high-resolution tokens in the language model with the same engine, and
the official order of work in PyTorch. What cannot run here is said to be so. Stop everything else
first.
"""

import argparse
import ctypes
import json
import multiprocessing
import os
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PATCHES, SIDE, PATCH = 576, 336, 14
MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
VOCABULARY = 32000
FILE_TYPES = {"F16": 1, "BF16": 32, "Q8_0": 7, "Q4_0": 2}  # llama.cpp's numbers
SELECTED = 0.17  # share of the high view's 5184 tokens a layer sees: the paper's cost (see page Policies)


@dataclass(frozen=True)
class Sizes:
    width: int
    inner: int
    heads: int
    layers: int
    tower_width: int = 1024
    tower_inner: int = 4096
    tower_heads: int = 16
    tower_layers: int = 24


SIZES = {"llava-7b": Sizes(4096, 11008, 32, 32), "llava-13b": Sizes(5120, 13824, 40, 40)}

# MARK: The files


def random_rows(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Rows repeat after 64: making them would take longer than running them."""
    made = (min(shape[0], 64), *shape[1:])
    scale = 1 / np.sqrt(np.prod(shape[1:], dtype=float))
    rows = np.random.default_rng(seed).standard_normal(made, np.float32) * np.float32(scale)
    return np.resize(rows, shape)


def add_random(writer, name: str, shape: tuple[int, ...], type_name: str) -> None:
    import gguf

    kind = gguf.GGMLQuantizationType[type_name]
    packed = gguf.quantize(random_rows(shape, len(name)), kind)
    plain = packed.dtype in (np.float16, np.float32)
    writer.add_tensor(name, packed, raw_dtype=None if plain else kind)


def write_language(path: Path, sizes: Sizes, layers: int, type_name: str) -> None:
    import gguf

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("random LLaVA-1.5")
    writer.add_context_length(8192)
    writer.add_embedding_length(sizes.width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(sizes.inner)
    writer.add_rope_dimension_count(sizes.width // sizes.heads)
    writer.add_head_count(sizes.heads)
    writer.add_head_count_kv(sizes.heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(VOCABULARY)
    writer.add_file_type(FILE_TYPES[type_name])
    words = VOCABULARY - 259
    writer.add_tokenizer_model("llama")
    writer.add_token_list(
        [b"<unk>", b"<s>", b"</s>", *(b"<0x%02X>" % i for i in range(256)),
         *(b"word%d" % i for i in range(words))]
    )  # fmt: skip
    writer.add_token_scores([0.0] * 259 + [-float(i) for i in range(words)])
    writer.add_token_types([2, 3, 3] + [6] * 256 + [1] * words)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)

    def add(name: str, *shape: int) -> None:
        add_random(writer, name, shape, type_name)

    width, inner = sizes.width, sizes.inner
    add("token_embd.weight", VOCABULARY, width)
    for layer in range(layers):
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            add(f"blk.{layer}.{part}.weight", width, width)
        for part in ("ffn_gate", "ffn_up"):
            add(f"blk.{layer}.{part}.weight", inner, width)
        add(f"blk.{layer}.ffn_down.weight", width, inner)
        for part in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{part}.weight", np.ones(width, np.float32))
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    add("output.weight", VOCABULARY, width)
    finish(writer)


def write_tower(path: Path, sizes: Sizes, layers: int, type_name: str) -> None:
    import gguf

    width, inner = sizes.tower_width, sizes.tower_inner
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_bool("clip.has_text_encoder", False)
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_bool("clip.has_llava_projector", True)
    writer.add_file_type(FILE_TYPES[type_name])
    writer.add_string("clip.projector_type", "mlp")
    writer.add_uint32("clip.vision.image_size", SIDE)
    writer.add_uint32("clip.vision.patch_size", PATCH)
    writer.add_uint32("clip.vision.embedding_length", width)
    writer.add_uint32("clip.vision.feed_forward_length", inner)
    writer.add_uint32("clip.vision.projection_dim", 768)
    writer.add_uint32("clip.vision.attention.head_count", sizes.tower_heads)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-5)
    writer.add_array("clip.vision.image_mean", MEAN)
    writer.add_array("clip.vision.image_std", STD)
    writer.add_bool("clip.use_gelu", False)
    writer.add_uint32("clip.vision.block_count", layers)

    def add(name: str, *shape: int) -> None:
        add_random(writer, name, shape, "F16")

    def add_product(name: str, *shape: int) -> None:
        add_random(writer, name, shape, type_name)

    def add_vector(name: str, size: int, value: float) -> None:
        writer.add_tensor(name, np.full(size, value, np.float32))

    add_vector("v.class_embd", width, 0.1)
    add("v.patch_embd.weight", width, 3, PATCH, PATCH)
    add("v.position_embd.weight", PATCHES + 1, width)
    shapes = {"attn_q": (width, width), "attn_k": (width, width), "attn_v": (width, width),
              "attn_out": (width, width), "ffn_up": (inner, width), "ffn_down": (width, inner)}  # fmt: skip
    norms = ["v.pre_ln", *(f"v.blk.{i}.ln{n}" for i in range(layers) for n in (1, 2))]
    for norm in norms:
        add_vector(f"{norm}.weight", width, 1)
        add_vector(f"{norm}.bias", width, 0)
    for layer in range(layers):
        for part, shape in shapes.items():
            add_product(f"v.blk.{layer}.{part}.weight", *shape)
            add_vector(f"v.blk.{layer}.{part}.bias", shape[0], 0)
    for part, inputs in ((0, width), (2, sizes.width)):
        add_product(f"mm.{part}.weight", sizes.width, inputs)
        add_vector(f"mm.{part}.bias", sizes.width, 0)
    finish(writer)


def finish(writer) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


# MARK: The programs, each in a process of its own: ready, then times of a round when asked


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


def flexvlm(setting: Setting, pipe, precision: str) -> None:
    # Twice, since the peers' processes have touched their memory in the round before.
    command = [
        setting.program, "bench", "--model", setting.model, "--mmproj", setting.tower, "--json",
        "--rounds", "2", "--threads", str(setting.threads), "--precision", precision, "--crops",
        str(setting.crops), "--text-tokens", str(setting.positions - PATCHES),
    ]  # fmt: skip
    pipe.send("ready")
    while pipe.recv():
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        report = json.loads(output)
        stages = {stage["stage"]: stage["milliseconds"] / 1e3 for stage in report["stages"]}
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


# MARK: The comparison


def table(peers: list[Peer], setting: Setting) -> None:
    ours = peers[0].best
    print("\n| program | tower, ms a crop | | prefill, tokens/s | | decode, ms | |")
    print("|---|---|---|---|---|---|---|")
    for peer in peers:
        if peer.failure is not None or not peer.best:
            print(f"| {peer.name} | cannot run here: {peer.failure} | | | | | |")
            continue
        cells = [
            (f"{1e3 * peer.best['vision'] / setting.crops:.0f}", "vision"),
            (f"{setting.positions / peer.best['prefill']:.1f}", "prefill"),
            (f"{1e3 * peer.best['decode']:.1f}", "decode"),
        ]
        print(f"| {peer.name} | " + " | ".join(
            f"{text} | {peer.best[stage] / ours[stage]:.2f}" for text, stage in cells) + " |")  # fmt: skip
    print("\nThe second number is the peer's time over flexvlm's: above 1, flexvlm is faster.")


def question(options, setting: Setting, peers: list[Peer]) -> None:
    """One high-resolution question with all layers, put together from the times of its parts."""
    sizes, layers = setting.sizes, setting.layers
    high_layers, high_tokens = sizes.layers - 9, 9 * PATCHES
    # flexvlm's last layer computes keys and values for all positions, and the rest for the last one.
    last = 2 * sizes.width**2 / (4 * sizes.width**2 + 3 * sizes.width * sizes.inner)
    ratio = (sizes.layers - 1 + last) / (layers - 1 + last)
    plain = sizes.layers / layers

    def bench(positions: int) -> dict[str, float]:
        command = [
            setting.program, "bench", "--geometry", options.geometry, "--layers", str(layers),
            "--type", options.type, "--json", "--rounds", "2", "--threads", str(setting.threads),
            "--crops", str(setting.crops), "--text-tokens", str(positions - PATCHES),
        ]  # fmt: skip
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return {
            stage["stage"]: stage["milliseconds"] / 1e3 for stage in json.loads(output)["stages"]
        }

    ours, dense = bench(setting.positions), bench(setting.positions + high_tokens)
    tower = ours["vision"] * 10 / setting.crops * (sizes.tower_layers - 1) / layers
    vision = tower + 10 * ours["projector"]
    one_token = high_layers * ours["high keys, values"] / setting.positions
    torch = next(peer for peer in peers if peer.name.startswith("transformers")).best
    print(f"\n| one question, {sizes.layers} layers, {SELECTED:.0%} of the high tokens a layer |"
          " flexvlm, s | all in the language model | official order, PyTorch |\n|---|---|---|---|")  # fmt: skip
    # A long answer's tokens look elsewhere in turn: at the most, every token is projected once.
    for steps, projected in ((3, SELECTED), (64, 1.0)):
        flex = (
            vision + ours["prefill"] * ratio + one_token * projected * high_tokens
            + (steps - 1) * ours["decode"] * plain
        )  # fmt: skip
        everything = (
            vision + dense["prefill"] * ratio + (steps - 1) * dense["decode"] * plain
        )
        cells = [f"{flex:.1f}", f"{everything:.1f} ({everything / flex:.1f} times)"]
        if torch:
            official = (
                torch["vision"] * 10 / setting.crops * sizes.tower_layers / layers
                + 10 * ours["projector"] + torch["prefill"] * plain
                + high_layers * (torch["high prefill"] + (steps - 1) * torch["high step"])
                + (steps - 1) * torch["decode"] * plain
            )  # fmt: skip
            cells.append(f"{official:.1f} ({official / flex:.1f} times)")
        print(f"| {steps} tokens of answer | " + " | ".join(cells) + " |")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", type=Path, help="the flexvlm binary")
    parser.add_argument("--geometry", choices=SIZES, default="llava-7b")
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--type", choices=FILE_TYPES, default="Q8_0")
    parser.add_argument("--tower-type", choices=["F16", "Q8_0"], default="F16")
    parser.add_argument("--positions", type=int, default=640, help="of the prompt")
    parser.add_argument("--crops", type=int, default=4, help="that the tower encodes at a time")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--work", type=Path, required=True, help="folder for the model files")
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    multiprocessing.set_start_method("spawn")

    options.work.mkdir(parents=True, exist_ok=True)
    stem = f"{options.geometry}-{options.layers}"
    model = options.work / f"{stem}-{options.type}.gguf"
    tower = options.work / f"{stem}-mmproj-{options.tower_type}.gguf"
    sizes = SIZES[options.geometry]
    if not model.exists():
        write_language(model, sizes, options.layers, options.type)
    if not tower.exists():
        write_tower(tower, sizes, options.layers, options.tower_type)
    setting = Setting(
        sizes, options.layers, options.threads, options.positions, options.crops, str(model),
        str(tower), str(options.program.resolve()),
    )  # fmt: skip

    peers = [
        Peer("flexvlm", flexvlm, setting, "auto"),
        Peer("flexvlm, float32", flexvlm, setting, "float32"),
        Peer("llama.cpp", llama_cpp, setting, True),
        Peer("llama.cpp, not repacked", llama_cpp, setting, False),
        Peer("transformers, bfloat16", transformers, setting),
    ]
    print(f"{options.geometry}, {options.layers} layers, {options.type}, {options.threads} threads")
    for number in range(options.rounds):
        for peer in peers:
            peer.round()
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
    table(peers, setting)
    for peer in peers:
        peer.end()
    question(options, setting, peers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
