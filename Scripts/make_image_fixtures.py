#!/usr/bin/env python3
"""Make the image files that the decoder tests read, and the pixels that PIL makes of them.

    python3 Scripts/make_image_fixtures.py            # needs numpy and Pillow

Writes PNG, JPEG, WebP and TIFF files of every kind into Tests/FlexVLMTests/Fixtures/images, their
pixels one after another into expected.rgb, and where to find them into index.json. The PNG and most
TIFF files are written from their samples, because PIL can write only some; the others are PIL's,
some with header bytes changed. Each expectation is PIL's, or says why it is not.
"""
import argparse
import io
import json
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

from tiff_fixtures import make_tiff_files

WIDTH, HEIGHT = 37, 23
GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGB_ALPHA: 4}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
         (0, 1, 1, 2)]  # first column, first row, column step, row step
GREY_16 = "PIL clips 16-bit grey at 255; the high byte is kept here"
KEY_DEPTH = "PIL compares the colour key with samples that it has already made 8 bit"


def colour_profile() -> bytes:
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[24:36] = bytes(12)  # when it was made
    return bytes(data)


# ---------- PNG ----------
def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed_rows(samples: np.ndarray, depth: int) -> bytes:
    """Filtered rows; the filter types take turns."""
    height, width, channels = samples.shape
    if depth == 16:
        rows = samples.astype(">u2").reshape(height, -1).view(np.uint8)
    elif depth == 8:
        rows = samples.astype(np.uint8).reshape(height, -1)
    else:
        bits = (samples.reshape(height, -1, 1) >> np.arange(depth - 1, -1, -1)) & 1
        rows = np.packbits(bits.reshape(height, -1).astype(np.uint8), axis=1)
    distance = max(1, channels * depth // 8)
    out, above = b"", np.zeros(rows.shape[1], int)
    for y, row in enumerate(rows.astype(int)):
        left = np.concatenate([np.zeros(distance, int), row])[: len(row)]
        corner = np.concatenate([np.zeros(distance, int), above])[: len(row)]
        estimate = left + above - corner
        near = [abs(estimate - v) for v in (left, above, corner)]
        paeth = np.where((near[0] <= near[1]) & (near[0] <= near[2]), left,
                         np.where(near[1] <= near[2], above, corner))
        prediction = [0 * row, left, above, (left + above) // 2, paeth][y % 5]
        out += bytes([y % 5]) + ((row - prediction) % 256).astype(np.uint8).tobytes()
        above = row
    return out


def png(samples, depth, colour_type, *, before=b"", after=b"", interlaced=False, parts=1) -> bytes:
    height, width, _ = samples.shape
    if interlaced:
        passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        raw = b"".join(packed_rows(p, depth) for p in passes if p.size)
    else:
        raw = packed_rows(samples, depth)
    data = zlib.compress(raw)
    cuts = [len(data) * i // parts for i in range(parts + 1)]
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, interlaced)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before
            + b"".join(chunk(b"IDAT", data[a:b]) for a, b in zip(cuts, cuts[1:]))
            + after + chunk(b"IEND", b""))


def rgba_by_the_standard(samples, depth, colour_type, palette, key) -> np.ndarray:
    """8-bit RGBA; `key` is the tRNS colour, or the palette's alpha values."""
    height, width, _ = samples.shape
    if colour_type == PALETTE:
        table = np.zeros((256, 4), np.uint8)  # an index beyond the palette is black
        table[:, 3] = 255
        table[: len(palette), :3] = palette
        if key is not None:
            table[: len(key), 3] = key
        return table[samples[..., 0]]
    eight = samples >> 8 if depth == 16 else samples * 255 // (2**depth - 1)
    alpha = np.full((height, width, 1), 255)
    if colour_type in (GREY_ALPHA, RGB_ALPHA):
        eight, alpha = eight[..., :-1], eight[..., -1:]
    elif key is not None:
        alpha = np.where((samples == key).all(-1, keepdims=True), 0, 255)
    return np.concatenate([np.broadcast_to(eight, (height, width, 3)), alpha], 2).astype(np.uint8)


def on_white(rgba: np.ndarray) -> np.ndarray:
    image = Image.new("RGB", (rgba.shape[1], rgba.shape[0]), "white")
    image.paste(Image.fromarray(rgba[..., :3]), mask=Image.fromarray(rgba[..., 3]))
    return np.asarray(image)


def make_png_files(fixtures: "Fixtures") -> None:
    random = np.random.default_rng(1)
    palette = random.integers(0, 256, (256, 3), dtype=np.uint8)

    def samples(depth: int, channels: int) -> np.ndarray:
        y, x = np.mgrid[:HEIGHT, :WIDTH]
        ramp = (x + y)[..., None] * np.arange(1, channels + 1) * 2**depth // (WIDTH + HEIGHT)
        noise = random.integers(0, max(2, 2**depth // 8), ramp.shape)
        return (ramp + noise) % 2**depth

    def add(name, depth, colour_type, *, key=None, short_palette=None, departs="", extra=b"",
            **form):
        values = samples(depth, CHANNELS[colour_type])
        colours, before = None, extra
        if colour_type == PALETTE:
            colours = palette[: short_palette or 2**depth]
            before += chunk(b"PLTE", colours.tobytes())
        if key is not None:
            if colour_type != PALETTE:
                key = values[5, 7]  # a colour that occurs
            kind = np.uint8 if colour_type == PALETTE else ">u2"
            before += chunk(b"tRNS", np.asarray(key).astype(kind).tobytes())
        rgba = rgba_by_the_standard(values, depth, colour_type, colours, key)
        data = png(values, depth, colour_type, before=before, **form)
        grey = GREY_16 if (depth, colour_type) == (16, GREY) else ""
        fixtures.add(name + ".png", data, rgba[..., :3], departs=grey)
        if key is not None or colour_type in (GREY_ALPHA, RGB_ALPHA):
            fixtures.expect(name + ".png", on_white(rgba), alpha="white", departs=grey or departs)

    for interlaced, suffix in ((False, ""), (True, "-interlaced")):
        for depth in (1, 2, 4, 8, 16):
            add(f"grey-{depth}{suffix}", depth, GREY, interlaced=interlaced)
        for depth in (1, 2, 4, 8):
            add(f"palette-{depth}{suffix}", depth, PALETTE, interlaced=interlaced)
        for depth in (8, 16):
            add(f"grey-alpha-{depth}{suffix}", depth, GREY_ALPHA, interlaced=interlaced)
            add(f"rgb-{depth}{suffix}", depth, RGB, interlaced=interlaced)
            add(f"rgb-alpha-{depth}{suffix}", depth, RGB_ALPHA, interlaced=interlaced)
    add("grey-1-key", 1, GREY, key=True)
    add("grey-4-key", 4, GREY, key=True, departs=KEY_DEPTH)
    add("grey-8-key", 8, GREY, key=True)
    add("grey-16-key", 16, GREY, key=True)
    add("rgb-8-key", 8, RGB, key=True)
    add("rgb-16-key", 16, RGB, key=True, departs=KEY_DEPTH)
    add("palette-8-alpha", 8, PALETTE, key=random.integers(0, 256, 200))
    add("palette-2-alpha", 2, PALETTE, key=[0, 128])
    add("palette-4-short", 4, PALETTE, short_palette=9)
    add("rgb-8-gamma", 8, RGB, extra=chunk(b"gAMA", struct.pack(">I", 100000)))
    add("rgb-8-srgb", 8, RGB, extra=chunk(b"sRGB", b"\0"))
    add("rgb-8-significant-bits", 8, RGB, extra=chunk(b"sBIT", b"\5\6\5"))
    add("grey-8-background", 8, GREY, extra=chunk(b"bKGD", struct.pack(">H", 9)))
    add("rgb-8-private-chunk", 8, RGB, extra=chunk(b"prVt", b"anything"))
    add("rgb-alpha-8-many-parts", 8, RGB_ALPHA, parts=17)
    profile = b"sRGB\0\0" + zlib.compress(colour_profile())
    add("rgb-8-profile", 8, RGB, extra=chunk(b"iCCP", profile))

    for width, height in ((1, 1), (1, 9), (9, 1), (3, 2)):
        values = random.integers(0, 256, (height, width, 3))
        fixtures.add(f"rgb-{width}x{height}-interlaced.png", png(values, 8, RGB, interlaced=True))
    values = random.integers(0, 256, (5, 3, 3))
    for orientation in range(1, 9):
        exif = chunk(b"eXIf", tiff(orientation))
        name = f"exif-{orientation}.png"
        fixtures.add(name, png(values, 8, RGB, before=exif))
        if orientation == 6:
            fixtures.add("exif-6-behind.png", png(values, 8, RGB, after=exif))
        for width, height in ((1, 4), (4, 1)):
            narrow = png(random.integers(0, 256, (height, width, 3)), 8, RGB, before=exif)
            fixtures.add(f"exif-{orientation}-{width}x{height}.png", narrow)
    frames = [Image.fromarray(random.integers(0, 256, (6, 8, 3), dtype=np.uint8)) for _ in range(2)]
    fixtures.add("animated.png", saved(frames[0], "PNG", save_all=True, append_images=frames[1:]))


# ---------- JPEG ----------
def tiff(orientation: int, order: str = "<", kind: int = 3, count: int = 1) -> bytes:
    """A TIFF structure whose directory holds a description and an orientation."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    value = struct.pack(order + ("H2x" if kind == 3 else "I"), orientation)
    return (mark + struct.pack(order + "IH", 8, 2)
            + struct.pack(order + "HHI4s", 0x010E, 2, 4, b"abc\0")
            + struct.pack(order + "HHI", 0x0112, kind, count) + value + bytes(4))


def saved(image: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def reframed(data: bytes, sampling: int, width: int, height: int) -> bytes:
    """The same coded blocks under another luma subsampling with as many blocks in a unit."""
    frame = bytearray(data)
    start = data.index(b"\xff\xc0")
    frame[start + 5 : start + 9] = struct.pack(">HH", height, width)
    frame[start + 11] = sampling
    return bytes(frame)


def make_jpeg_files(fixtures: "Fixtures") -> None:
    random = np.random.default_rng(2)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    values = np.stack([x * 7, y * 11, 255 - (x + y) * 4], -1)
    values += random.integers(-20, 20, values.shape)
    values[5:15, 8:20] = (240, 20, 30)  # edges that chroma upsampling smears
    photo = Image.fromarray(values.clip(0, 255).astype(np.uint8))

    for progressive in (False, True):
        suffix = "-progressive" if progressive else ""
        for name, mode in (("grey", "L"), ("cmyk", "CMYK")):
            fixtures.add(name + suffix + ".jpg",
                         saved(photo.convert(mode), "JPEG", quality=90, progressive=progressive))
        for subsampling in ("4:4:4", "4:2:2", "4:2:0"):
            fixtures.add("ycc-" + subsampling.replace(":", "") + suffix + ".jpg",
                         saved(photo, "JPEG", quality=85, subsampling=subsampling,
                               progressive=progressive))
    fixtures.add("quality-100.jpg", saved(photo, "JPEG", quality=100, subsampling=0))
    fixtures.add("quality-5.jpg", saved(photo, "JPEG", quality=5))
    fixtures.add("rgb-coded.jpg", saved(photo, "JPEG", quality=90, keep_rgb=True))
    fixtures.add("restarts.jpg", saved(photo, "JPEG", quality=80, restart_marker_blocks=1))
    fixtures.add("profile.jpg", saved(photo, "JPEG", icc_profile=colour_profile()))

    square = photo.resize((32, 32), Image.Resampling.NEAREST)
    blocks = saved(square, "JPEG", quality=90, subsampling="4:2:0")
    fixtures.add("ycc-411.jpg", reframed(blocks, 0x41, 64, 16))
    fixtures.add("ycc-1x4.jpg", reframed(blocks, 0x14, 16, 64))
    blocks = saved(square, "JPEG", quality=90, subsampling="4:2:2")
    fixtures.add("ycc-440.jpg", reframed(blocks, 0x12, 16, 64))
    grey = saved(square.convert("L"), "JPEG", quality=90)
    fixtures.add("grey-2x2.jpg", reframed(grey, 0x22, 32, 32))

    cmyk = saved(photo.convert("CMYK"), "JPEG", quality=90)
    adobe = cmyk.index(b"Adobe")
    fixtures.add("ycck.jpg", cmyk[: adobe + 11] + b"\2" + cmyk[adobe + 12 :])
    fixtures.add("cmyk-unmarked.jpg", cmyk[: adobe - 4] + cmyk[adobe + 12 :])

    plain = saved(photo, "JPEG", quality=90)
    fixtures.add("trailing-bytes.jpg", plain + bytes(range(256)))
    fixtures.add("fill-bytes.jpg", plain[:2] + b"\xff\xff\xff" + plain[2:])
    small = saved(photo.resize((9, 5)), "JPEG", quality=95, subsampling=0)

    def exif(structure: bytes) -> bytes:
        segment = b"Exif\0\0" + structure
        return small[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + small[2:]

    for orientation in range(1, 9):
        fixtures.add(f"exif-{orientation}.jpg", exif(tiff(orientation)))
    fixtures.expect("exif-6.jpg", by_pil(small, "drop", False), exif=False)
    fixtures.add("exif-8-big-endian.jpg", exif(tiff(8, ">")))
    fixtures.add("exif-6-long.jpg", exif(tiff(6, ">", kind=4)))
    fixtures.add("exif-0.jpg", exif(tiff(0)))
    fixtures.add("exif-9.jpg", exif(tiff(9)))
    fixtures.add("exif-cut.jpg", exif(tiff(6)[:30]))
    fixtures.add("exif-far.jpg", exif(b"II*\0" + b"\xff" * 8))
    fixtures.add("exif-empty.jpg", exif(b""))


# ---------- WebP ----------
def make_webp_files(fixtures: "Fixtures") -> None:
    random = np.random.default_rng(3)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    smooth = np.stack([7 * x % 256, 11 * y % 256, 3 * (x + y), 5 * (x + 2 * y) % 256], axis=-1)
    rgba = (smooth + random.integers(0, 24, smooth.shape)).clip(0, 255).astype(np.uint8)
    rgba[:4, :9, 3] = 0
    picture = Image.fromarray(rgba)
    opaque = picture.convert("RGB")

    fixtures.add("lossy.webp", saved(opaque, "WEBP", quality=80))
    fixtures.add("lossy-low.webp", saved(opaque, "WEBP", quality=5))
    fixtures.add("lossless.webp", saved(opaque, "WEBP", lossless=True))
    fixtures.add("one.webp", saved(opaque.crop((0, 0, 1, 1)), "WEBP", quality=90))
    for name, form in (("lossy", {"quality": 80}), ("lossless", {"lossless": True, "exact": True})):
        name, data = f"{name}-alpha.webp", saved(picture, "WEBP", **form)
        fixtures.add(name, data)
        fixtures.expect(name, by_pil(data, "white", True), alpha="white")
    for orientation in (3, 6, 8):
        data = saved(opaque, "WEBP", lossless=True, exif=tiff(orientation))
        fixtures.add(f"exif-{orientation}.webp", data)
    data = saved(opaque, "WEBP", lossless=True, exif=b"Exif\0\0" + tiff(6))
    fixtures.add("exif-6-marked.webp", data)
    fixtures.expect("exif-6.webp", np.asarray(opaque), exif=False)


# ---------- expectations ----------
def by_pil(data: bytes, alpha: str, exif: bool) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what PIL thinks of bad EXIF data
        image = Image.open(io.BytesIO(data))
        if exif:
            image = ImageOps.exif_transpose(image)
        if alpha == "drop":
            return np.asarray(image.convert("RGB"))
        return on_white(np.asarray(image.convert("RGBA")))


class Fixtures:
    def __init__(self, folder: Path):
        self.folder = folder
        self.files: dict[str, bytes] = {}
        self.index: list[dict] = []
        self.pixels = b""

    def add(self, name: str, data: bytes, pixels: np.ndarray | None = None, departs: str = ""):
        if name in self.files:
            raise SystemExit(f"two fixtures are called {name}")
        self.files[name] = data
        self.expect(name, pixels, departs=departs)

    def expect(self, name, pixels=None, alpha="drop", exif=True, departs=""):
        """`departs` says why PIL gives other pixels, and then it must; none given are PIL's."""
        try:
            pils = by_pil(self.files[name], alpha, exif)
        except (OSError, SyntaxError):
            pils = None
        pixels = pils if pixels is None else pixels
        agrees = np.array_equal(pixels, pils)
        if agrees == bool(departs):
            raise SystemExit(f"{name}, alpha {alpha}: PIL {'agrees' if agrees else 'differs'}")
        height, width, _ = pixels.shape
        self.index.append({"file": name, "alpha": alpha, "exif": exif, "width": width,
                           "height": height, "offset": len(self.pixels), "departure": departs})
        self.pixels += pixels.astype(np.uint8).tobytes()

    def write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.files.items():
            (self.folder / name).write_bytes(data)
        (self.folder / "expected.rgb").write_bytes(self.pixels)
        lines = ",\n  ".join(json.dumps(entry) for entry in self.index)
        (self.folder / "index.json").write_text(f"[\n  {lines}\n]\n")
        total = sum(map(len, self.files.values())) + len(self.pixels)
        print(f"{len(self.files)} files, {len(self.index)} expectations, {total} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    root = Path(__file__).resolve().parent.parent
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER",
                        default=root / "Tests/FlexVLMTests/Fixtures/images")
    fixtures = Fixtures(parser.parse_args().output)
    make_png_files(fixtures)
    make_jpeg_files(fixtures)
    make_webp_files(fixtures)
    make_tiff_files(fixtures)
    fixtures.write()


if __name__ == "__main__":
    main()
