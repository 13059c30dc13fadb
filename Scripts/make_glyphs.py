#!/usr/bin/env python3
"""Makes Sources/FlexVLM/Drawing/Glyphs.swift: outlines of a font for the captions of pictures.

  python3 Scripts/make_glyphs.py Inter-Medium.otf Sources/FlexVLM/Drawing/Glyphs.swift

Printable ASCII, Latin-1 and some typography, as quadratic curves in thousandths of the type size,
y downwards from the base line.
"""

import argparse
from pathlib import Path

from fontTools.pens.basePen import decomposeQuadraticSegment
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

EXTRA = "–—‘’“”•…€→≤≥−□"
HEAD = '''\
/// Outlines of Inter Medium, Copyright 2016 The Inter Project Authors
/// (https://github.com/rsms/inter), under the SIL Open Font License 1.1 (Inter-OFL.txt); converted by
/// `Scripts/make_glyphs.py`.
///
/// Words are: "#", the code point in hexadecimal and the advance; then points "x,y", those ending
/// in "~" off the curve; "/" ends a contour. Units are thousandths of the type size, y downwards.
let glyphOutlines = """
'''


def outline(font: TTFont, character: str) -> list[str]:
    glyphs = font.getGlyphSet()
    name = font.getBestCmap()[ord(character)]
    scale = 1000 / font["head"].unitsPerEm
    recording = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(Cu2QuPen(recording, 1.0 / scale, all_quadratic=True))

    def point(at: tuple[float, float], off: str = "") -> str:
        return f"{round(at[0] * scale)},{round(-at[1] * scale)}{off}"

    words = ["#", f"{ord(character):x}", str(round(glyphs[name].width * scale))]
    for operation, points in recording.value:
        if operation in ("moveTo", "lineTo"):
            words.append(point(points[0]))
        elif operation == "qCurveTo":
            for off, on in decomposeQuadraticSegment(points):
                words += [point(off, "~"), point(on)]
        else:
            words.append("/")
    return words


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("font", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    font = TTFont(arguments.font)
    codes = [*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, EXTRA)]
    lines = [HEAD.rstrip("\n")]
    for word in (word for code in codes for word in outline(font, chr(code))):
        if lines[-1][:2] == "  " and len(lines[-1]) + 1 + len(word) <= 98:
            lines[-1] += " " + word
        else:
            lines.append("  " + word)
    arguments.output.write_text("\n".join(lines) + '\n  """\n')


if __name__ == "__main__":
    main()
