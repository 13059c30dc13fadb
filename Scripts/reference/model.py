"""Weights, text and vision: everything but the decoder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from PIL import Image

from .backend import BACKENDS, Array
from .decoder import DecoderPass

SPACE = "\u2581"


@dataclass
class EncodedImage:
    size: tuple[int, int]  # of the original
    low: Array  # [low tokens, width]
    high: Array  # [high tokens, width], row-major over the whole high view


@dataclass
class Answer:
    text: str
    tokens: list[int]
    cells: list[dict[int, str]]  # per step: layer to row-major cells
    nearest: list[float]  # per step: distance of the closest cell to the threshold


class Model:
    def __init__(self, path: Path, backend: str = "numpy"):
        self.backend = BACKENDS[backend]()
        reader = gguf.GGUFReader(path)
        self.fields = {name: field.contents() for name, field in reader.fields.items()}
        self.tensors = {
            tensor.name: self.backend.array(
                gguf.dequantize(tensor.data, tensor.tensor_type).reshape(tensor.shape[::-1])
            )
            for tensor in reader.tensors
        }
        self.tokens: list[str] = self.fields["tokenizer.ggml.tokens"]
        self.ids = {token: id for id, token in enumerate(self.tokens)}

    def setting(self, key: str) -> Any:
        return self.fields[key]

    # ---- text

    def encode_text(self, text: str) -> list[int]:
        """SentencePiece BPE: join the best-scored pair of neighbours until none is known."""
        scores = self.setting("tokenizer.ggml.scores")
        prefix = SPACE if self.setting("tokenizer.ggml.add_space_prefix") and text else ""
        pieces = list(prefix + text.replace(" ", SPACE))
        while True:
            known = [
                (-scores[self.ids[left + right]], index)
                for index, (left, right) in enumerate(zip(pieces, pieces[1:], strict=False))
                if left + right in self.ids
            ]
            if not known:
                break
            index = min(known)[1]
            pieces[index : index + 2] = [pieces[index] + pieces[index + 1]]
        ids: list[int] = []
        for piece in pieces:
            if piece in self.ids:
                ids.append(self.ids[piece])
            else:
                ids += [self.ids[f"<0x{byte:02X}>"] for byte in piece.encode()]
        return ids

    def decode_text(self, ids: list[int]) -> str:
        types = self.setting("tokenizer.ggml.token_type")
        data = b""
        for id in ids:
            if types[id] == 6:  # byte
                data += bytes([int(self.tokens[id][3:5], 16)])
            elif types[id] not in (2, 3):  # unknown, control
                data += self.tokens[id].replace(SPACE, " ").encode()
        return data.decode("utf-8", "replace").strip()

    # ---- image

    def encode_image(self, image: Image.Image) -> EncodedImage:
        high_size = self.setting("flexvlm.vision.high_size")
        zoom = self.setting("flexvlm.vision.zoom")
        pixels = self.normalized(image, high_size)
        shrink = triangle_matrix(high_size, self.setting("flexvlm.vision.low_size"))
        low = np.einsum("iy,jx,cyx->cij", shrink, shrink, pixels, optimize=True)
        if high_size <= 336:
            high = self.encode_pixels(pixels[None])[0]
        else:
            side = high_size // zoom
            crops = pixels.reshape(3, zoom, side, zoom, side).transpose(1, 3, 0, 2, 4)
            features = self.encode_pixels(crops.reshape(-1, 3, side, side))
            grid = side // self.setting("clip.vision.patch_size")
            width = features.shape[-1]
            high = features.reshape(zoom, zoom, grid, grid, width).swapaxes(1, 2)
            high = high.reshape((zoom * grid) ** 2, width)
        return EncodedImage(image.size, self.encode_pixels(low[None])[0], high)

    def normalized(self, image: Image.Image, size: int) -> np.ndarray:
        """[3, size, size]: padded to a square, resized as PIL does, normalised."""
        mean = np.array(self.setting("clip.vision.image_mean"), np.float32)[:, None, None]
        deviation = np.array(self.setting("clip.vision.image_std"), np.float32)[:, None, None]
        width, height = image.size
        side = max(width, height)
        square = Image.new("RGB", (side, side), tuple(int(255 * m) for m in mean.ravel()))
        square.paste(image, ((side - width) // 2, (side - height) // 2))
        bytes = np.asarray(square.resize((size, size), Image.Resampling.BICUBIC))
        return ((bytes.transpose(2, 0, 1) * (1 / 255)).astype(np.float32) - mean) / deviation

    def encode_pixels(self, pixels: np.ndarray) -> Array:
        """CLIP and projector: [n, 3, s, s] to [n, (s / patch)^2, language width]."""
        tensors, backend = self.tensors, self.backend
        patch = self.setting("clip.vision.patch_size")
        width = self.setting("clip.vision.embedding_length")
        heads = self.setting("clip.vision.attention.head_count")
        n, grid = len(pixels), pixels.shape[-1] // patch
        native = self.setting("clip.vision.image_size") // patch

        patches = pixels.reshape(n, 3, grid, patch, grid, patch).transpose(0, 2, 4, 1, 3, 5)
        weight = tensors["v.patch_embd.weight"].reshape(width, -1)
        x = backend.array(patches.reshape(n, grid * grid, -1)) @ weight.T
        # A view smaller than CLIP's own takes the top-left part of the position table.
        positions = tensors["v.position_embd.weight"]
        block = positions[1:].reshape(native, native, width)[:grid, :grid].reshape(-1, width)
        start = (tensors["v.class_embd"] + positions[0]).reshape(1, 1, width)
        x = backend.concatenate([start + 0 * x[:, :1], x + block], 1)
        x = self.layer_norm(x, "v.pre_ln")
        for layer in range(self.setting("clip.vision.block_count")):
            name = f"v.blk.{layer}."
            z = self.layer_norm(x, name + "ln1")
            q, k, v = (
                self.affine(z, f"{name}attn_{part}")
                .reshape(n, -1, heads, width // heads)
                .swapaxes(1, 2)
                for part in "qkv"
            )
            scores = q @ k.swapaxes(-1, -2) * (width // heads) ** -0.5
            mixed = (backend.softmax(scores) @ v).swapaxes(1, 2).reshape(n, -1, width)
            x = x + self.affine(mixed, name + "attn_out")
            z = self.affine(self.layer_norm(x, name + "ln2"), name + "ffn_up")
            x = x + self.affine(z * backend.sigmoid(1.702 * z), name + "ffn_down")
        return self.affine(backend.gelu(self.affine(x[:, 1:], "mm.0")), "mm.2")

    def affine(self, x: Array, name: str) -> Array:
        return x @ self.tensors[name + ".weight"].T + self.tensors[name + ".bias"]

    def layer_norm(self, x: Array, name: str) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = (centred * centred).mean(axis=-1, keepdims=True)
        epsilon = self.setting("clip.vision.attention.layer_norm_epsilon")
        scaled = centred / (variance + epsilon) ** 0.5
        return scaled * self.tensors[name + ".weight"] + self.tensors[name + ".bias"]

    # ---- language

    def ask(self, image: EncodedImage, question: str, max_tokens: int = 512) -> Answer:
        template = self.setting("flexvlm.prompt_template")
        return self.complete(image, template.replace("{question}", question), max_tokens)

    def complete(self, image: EncodedImage, prompt: str, max_tokens: int) -> Answer:
        """Greedy continuation of a prompt that holds one <image>."""
        embeddings = self.tensors["token_embd.weight"]
        before, after = prompt.split("<image>")
        head = [self.setting("tokenizer.ggml.bos_token_id"), *self.encode_text(before)]
        tail = self.encode_text(after)
        x = self.backend.concatenate([embeddings[head], image.low, embeddings[tail]], 0)
        pass_ = DecoderPass(self, image, len(head))
        answer = Answer("", [], [], [])
        while len(answer.tokens) < max_tokens:
            logits, cells, nearest = pass_.forward(x)
            token = int(logits.argmax())
            answer.cells.append(cells)
            answer.nearest.append(nearest)
            if token == self.setting("tokenizer.ggml.eos_token_id"):
                break
            answer.tokens.append(token)
            x = embeddings[[token]]
        answer.text = self.decode_text(answer.tokens)
        return answer


def triangle_matrix(n_in: int, n_out: int) -> np.ndarray:
    """[n_out, n_in]: antialiased bilinear, as torch interpolates."""
    scale = n_in / n_out
    support = max(scale, 1.0)
    centres = scale * (np.arange(n_out) + 0.5)[:, None]
    weights = np.maximum(0, 1 - np.abs(np.arange(n_in) + 0.5 - centres) / support)
    return (weights / weights.sum(1, keepdims=True)).astype(np.float32)
