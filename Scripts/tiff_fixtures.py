"""The TIFF files of make_image_fixtures.py, written from their samples: PIL writes few kinds."""
import io
import struct
import zlib

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 21, 18
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK, YCBCR = 0, 1, 2, 3, 5, 6
UNSIGNED, SIGNED, FLOAT = 1, 2, 3
DEFLATE = 8
HIGH_BYTE = "PIL clips deeper grey at 255; the high byte is kept here"
NO_INVERSION = "PIL does not turn deep samples round where 0 is white"
NOT_BY_PIL = "PIL does not read this kind"


def packed(samples: np.ndarray, bits: int, order: str, kind: int) -> bytes:
    """Samples [height, width, channels] as rows of whole bytes."""
    height = len(samples)
    if bits in (16, 32):
        return samples.astype(f"{order}{'uif'[kind - 1]}{bits // 8}").tobytes()
    if bits == 8:
        return samples.astype(np.uint8).tobytes()
    values = samples.reshape(height, -1, 1) >> np.arange(bits - 1, -1, -1) & 1
    return np.packbits(values.reshape(height, -1).astype(np.uint8), axis=1).tobytes()


def pieces(samples: np.ndarray, rows: int, tile: int | None) -> list[np.ndarray]:
    """Strips of so many rows, or square tiles, the last ones filled up."""
    height, width, _ = samples.shape
    if not tile:
        return [samples[y : y + rows] for y in range(0, height, rows)]
    padded = np.pad(samples, ((0, -height % tile), (0, -width % tile), (0, 0)), mode="edge")
    return [padded[y : y + tile, x : x + tile]
            for y in range(0, height, tile) for x in range(0, width, tile)]


def tiff(samples: np.ndarray, bits: int, photometric: int, *, order="<", big=False, kind=UNSIGNED,
         extras=(), planar=False, rows=7, tile=None, deflated=False, reverses_bits=False,
         palette=None, orientation=None, data=None, tags=()) -> bytes:
    """A file of one image; `data` are its strips where they are not just the samples."""
    height, width, channels = samples.shape
    layers = [samples[..., c : c + 1] for c in range(channels)] if planar else [samples]
    data = data or [packed(piece, bits, order, kind)
                    for layer in layers for piece in pieces(layer, rows, tile)]
    if reverses_bits:
        table = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
        data = [piece.translate(table) for piece in data]
    if deflated:
        data = [zlib.compress(piece) for piece in data]
    entries = {256: ("I", [width]), 257: ("I", [height]), 258: ("H", [bits] * channels),
               259: ("H", [DEFLATE if deflated else 1]), 262: ("H", [photometric]),
               277: ("H", [channels])}
    if kind != UNSIGNED:
        entries[339] = ("H", [kind] * channels)
    if extras:
        entries[338] = ("H", list(extras))
    if planar:
        entries[284] = ("H", [2])
    if reverses_bits:
        entries[266] = ("H", [2])
    if palette is not None:
        entries[320] = ("H", list(palette.T.reshape(-1) * 257))
    if orientation is not None:
        entries[274] = ("H", [orientation])
    entries |= dict(tags)
    places = (324, 325) if tile else (273, 279)
    entries |= {322: ("I", [tile]), 323: ("I", [tile])} if tile else {278: ("I", [rows])}
    entries |= {places[0]: ("I", [0] * len(data)), places[1]: ("I", [len(d) for d in data])}
    return assembled(entries, places[0], data, order, big)


def assembled(entries: dict, place: int, data: list[bytes], order: str, big: bool) -> bytes:
    """Header, directory, values that do not fit into it, data."""
    word, size, head, inline = ("Q", 20, 16, 8) if big else ("I", 12, 8, 4)
    count = struct.pack(order + ("Q" if big else "H"), len(entries))
    mark = b"II" if order == "<" else b"MM"
    header = mark + (struct.pack(order + "HHHQ", 43, 8, 0, head) if big
                     else struct.pack(order + "HI", 42, head))
    values_at = head + len(count) + size * len(entries) + struct.calcsize("=" + word)
    blobs = {tag: struct.pack(f"{order}{len(v)}{form}", *v) for tag, (form, v) in entries.items()}
    outside = {tag: blob for tag, blob in blobs.items() if len(blob) > inline}
    offset = values_at + sum(len(blob) + len(blob) % 2 for blob in outside.values())
    offsets = [offset + sum(map(len, data[:i])) for i in range(len(data))]
    blobs[place] = struct.pack(f"{order}{len(offsets)}I", *offsets)
    directory, values = b"", b""
    for tag in sorted(entries):
        form, items = entries[tag]
        blob = blobs[tag]
        directory += struct.pack(order + "HH" + word, tag, {"H": 3, "I": 4}[form], len(items))
        if len(blob) > inline:
            directory += struct.pack(order + word, values_at + len(values))
            values += blob + bytes(len(blob) % 2)
        else:
            directory += blob.ljust(inline, b"\0")
    return header + count + directory + bytes(struct.calcsize("=" + word)) + values + b"".join(data)


def saved(image: Image.Image, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, "TIFF", **options)
    return file.getvalue()


def subsampled(samples: np.ndarray) -> list[bytes]:
    """YCbCr in units of four lumas and one pair of chromas."""
    height, width, _ = samples.shape
    padded = np.pad(samples, ((0, -height % 2), (0, -width % 2), (0, 0)), mode="edge")
    out = b""
    for y in range(0, padded.shape[0], 2):
        for x in range(0, padded.shape[1], 2):
            unit = padded[y : y + 2, x : x + 2]
            out += bytes([*unit[..., 0].reshape(-1), *unit[0, 0, 1:]])
    return [out]


def make_tiff_files(fixtures) -> None:
    random = np.random.default_rng(4)
    y, x = np.mgrid[:HEIGHT, :WIDTH]

    def samples(bits: int, channels: int) -> np.ndarray:
        ramp = (x + y)[..., None] * np.arange(1, channels + 1) * 2**bits // (WIDTH + HEIGHT)
        return (ramp + random.integers(0, max(2, 2**bits // 8), ramp.shape)) % 2**bits

    def add(name, bits, photometric, channels, *, values=None, pixels=None, departs="", **form):
        values = samples(bits, channels) if values is None else values
        data = tiff(values, bits, photometric, **form)
        if pixels:
            pixels = np.broadcast_to(pixels(values), (*values.shape[:2], 3)).astype(np.uint8)
        fixtures.add(f"{name}.tif", data, pixels, departs=departs)
        if any(extra in (1, 2) for extra in form.get("extras", ())):
            fixtures.expect(f"{name}.tif", alpha="white")

    for order, mark in (("<", ""), (">", "-big-endian")):
        add(f"rgb-8{mark}", 8, RGB, 3, order=order)
        add(f"rgb-16{mark}", 16, RGB, 3, order=order)
        add(f"rgb-16-deflated{mark}", 16, RGB, 3, order=order, deflated=True)
        add(f"grey-16{mark}", 16, BLACK_IS_ZERO, 1, order=order, pixels=lambda v: v >> 8,
            departs=HIGH_BYTE)
        add(f"grey-32{mark}", 32, BLACK_IS_ZERO, 1, order=order, deflated=True,
            values=samples(9, 1), pixels=lambda v: v.clip(0, 255),
            departs=NOT_BY_PIL if mark else "")
        add(f"grey-float{mark}", 32, BLACK_IS_ZERO, 1, order=order, kind=FLOAT,
            values=samples(9, 1) * 0.75 - 40.3)
    for bits in (1, 2, 4, 8):
        add(f"grey-{bits}", bits, BLACK_IS_ZERO, 1)
        add(f"grey-{bits}-white-is-zero", bits, WHITE_IS_ZERO, 1)
        add(f"grey-{bits}-bits-reversed", bits, BLACK_IS_ZERO, 1, reverses_bits=True)
        add(f"palette-{bits}", bits, PALETTE, 1, palette=random.integers(0, 256, (2**bits, 3)))
    colours = random.integers(0, 256, (256, 3))
    add("palette-8-alpha", 8, PALETTE, 2, palette=colours, extras=(2,))
    add("palette-8-more", 8, PALETTE, 2, palette=colours, extras=(0,))
    add("grey-12", 12, BLACK_IS_ZERO, 1, pixels=lambda v: v >> 4, departs=HIGH_BYTE)
    add("grey-16-white-is-zero", 16, WHITE_IS_ZERO, 1, pixels=lambda v: 255 - (v >> 8),
        departs=NO_INVERSION)
    add("grey-16-signed", 16, BLACK_IS_ZERO, 1, kind=SIGNED, values=samples(9, 1) - 130)
    add("grey-32-signed", 32, BLACK_IS_ZERO, 1, kind=SIGNED, values=samples(9, 1) - 130)
    add("grey-alpha", 8, BLACK_IS_ZERO, 2, extras=(2,))
    add("grey-alpha-16", 16, BLACK_IS_ZERO, 2, extras=(0,), pixels=lambda v: v[..., :1] >> 8,
        departs=NOT_BY_PIL)

    for name, extras in (("alpha", (2,)), ("multiplied", (1,)), ("more", (0,)), ("unmarked", ())):
        add(f"rgb-8-{name}", 8, RGB, 4, extras=extras)
        add(f"rgb-16-{name}", 16, RGB, 4, extras=extras)
    add("rgb-8-alpha-more", 8, RGB, 5, extras=(2, 0))
    add("rgb-8-multiplied-more", 8, RGB, 6, extras=(1, 0, 0))
    add("cmyk-8", 8, CMYK, 4)
    add("cmyk-8-more", 8, CMYK, 5, extras=(0,))
    add("cmyk-16", 16, CMYK, 4, order=">")

    for deflated, mark in ((False, ""), (True, "-deflated")):
        add(f"rgb-8-planar{mark}", 8, RGB, 3, planar=True, deflated=deflated)
        add(f"rgb-8-alpha-planar{mark}", 8, RGB, 4, planar=True, extras=(2,), deflated=deflated)
        add(f"rgb-8-tiled{mark}", 8, RGB, 3, tile=16, deflated=deflated)
        add(f"rgb-8-planar-tiled{mark}", 8, RGB, 3, tile=16, planar=True, deflated=deflated)
        add(f"grey-1-tiled{mark}", 1, BLACK_IS_ZERO, 1, tile=16, deflated=deflated)
    add("rgb-8-multiplied-planar", 8, RGB, 4, planar=True, extras=(1,), deflated=True)
    add("rgb-16-tiled", 16, RGB, 3, tile=32, deflated=True)
    add("cmyk-8-planar", 8, CMYK, 4, planar=True, deflated=True)
    add("rgb-8-one-strip", 8, RGB, 3, rows=0xFFFFFFFF)
    add("rgb-8-bigtiff", 8, RGB, 3, big=True)
    add("rgb-8-bigtiff-big-endian", 8, RGB, 3, big=True, order=">", deflated=True,
        pixels=lambda v: v, departs=NOT_BY_PIL)
    add("grey-1-by-default", 1, WHITE_IS_ZERO, 1, tags={262: ("H", [0])})

    chroma = np.stack([x * 12 % 256, 60 + 7 * y, 200 - 6 * x], -1)
    ratio = {530: ("H", [2, 2])}
    for orientation in (1, 3, 6):
        add(f"ycbcr-orientation-{orientation}", 8, YCBCR, 3, values=chroma, data=subsampled(chroma),
            deflated=True, rows=HEIGHT, tags=ratio, orientation=orientation)
    add("ycbcr-whole", 8, YCBCR, 3, values=chroma, deflated=True, tags={530: ("H", [1, 1])})

    narrow = random.integers(0, 256, (3, 5, 3))
    for orientation in range(1, 9):
        name = f"orientation-{orientation}.tif"
        fixtures.add(name, tiff(narrow, 8, RGB, orientation=orientation, deflated=orientation % 2))
        fixtures.expect(name, exif=False)
    for width, height in ((1, 1), (1, 9), (9, 1)):
        add(f"rgb-{width}x{height}", 8, RGB, 3, values=random.integers(0, 256, (height, width, 3)))

    photo = Image.fromarray(np.stack([x * 11, y * 13, 255 - (x + y) * 6], -1).astype(np.uint8))
    for name in ("tiff_lzw", "packbits", "tiff_deflate", "tiff_adobe_deflate", "jpeg", "lzma",
                 "zstd"):
        fixtures.add(f"compressed-{name}.tif", saved(photo, compression=name))
    for name in ("group3", "group4", "tiff_ccitt", "tiff_lzw"):
        fixtures.add(f"bilevel-{name}.tif", saved(photo.convert("1"), compression=name))
    fixtures.add("predictor.tif", saved(photo, compression="tiff_lzw", tiffinfo={317: 2}))
    fixtures.add("grey-jpeg.tif", saved(photo.convert("L"), compression="jpeg"))
    fixtures.add("cmyk-jpeg.tif", saved(photo.convert("CMYK"), compression="jpeg", quality=95))
    fixtures.add("pages.tif", saved(photo, save_all=True, append_images=[photo.rotate(180)]))
