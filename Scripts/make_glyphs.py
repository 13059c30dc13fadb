#!/usr/bin/env python3
"""Makes Sources/FlexVLM/Drawing/Glyphs.swift: outlines of a font for the captions of pictures.

  python3 Scripts/make_glyphs.py Inter-Medium.otf Sources/FlexVLM/Drawing/Glyphs.swift

ASCII, Latin-1, Latin Extended-A, Greek, Cyrillic and some typography, as quadratic curves in thousandths
of the type size, y downwards from the base line.
"""

import argparse
from pathlib import Path

from fontTools.pens.basePen import decomposeQuadraticSegment
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

BLOCKS = [(0x20, 0x7F), (0xA0, 0x180), (0x370, 0x500)]
EXTRA = "–—‘’“”•…€→≤≥−□"
HEAD = '''\
/// Outlines of Inter Medium, Copyright 2016 The Inter Project Authors
/// (https://github.com/rsms/inter), under the SIL Open Font License 1.1 (Inter-OFL.txt); converted by
/// `Scripts/make_glyphs.py`.
///
/// Words are: "#", the code point in hexadecimal and the advance; then points "x,y", those ending
/// in "~" off the curve; "/" ends a contour. "@", the number of an earlier contour and "x,y" is that
/// contour, begun there. Units are thousandths of the type size, y downwards.
let glyphOutlines = """
'''


Contour = list[tuple[int, int, str]]


def outline(font: TTFont, character: str) -> tuple[int, list[Contour]]:
    """The advance and the contours: x, y and "~" where the point is off the curve."""
    glyphs = font.getGlyphSet()
    name = font.getBestCmap()[ord(character)]
    scale = 1000 / font["head"].unitsPerEm
    recording = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(Cu2QuPen(recording, 1.0 / scale, all_quadratic=True))

    def point(at: tuple[float, float], off: str = "") -> tuple[int, int, str]:
        return round(at[0] * scale), round(-at[1] * scale), off

    contours: list[Contour] = []
    for operation, points in recording.value:
        if operation == "moveTo":
            contours.append([point(points[0])])
        elif operation == "lineTo":
            contours[-1].append(point(points[0]))
        elif operation == "qCurveTo":
            for off, on in decomposeQuadraticSegment(points):
                contours[-1] += [point(off, "~"), point(on)]
    return round(glyphs[name].width * scale), contours


def words(font: TTFont, codes: list[int]) -> list[str]:
    """All glyphs; most accented letters share their contours with others."""
    result, numbers = [], {}
    for code in codes:
        advance, contours = outline(font, chr(code))
        result += ["#", f"{code:x}", str(advance)]
        for contour in contours:
            (left, top, _), *_ = contour
            shape = tuple((x - left, y - top, off) for x, y, off in contour)
            if shape in numbers:
                result += ["@", str(numbers[shape]), f"{left},{top}"]
            else:
                numbers[shape] = len(numbers)
                result += [f"{x},{y}{off}" for x, y, off in contour]
            result.append("/")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("font", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    font = TTFont(arguments.font)
    known = font.getBestCmap()
    codes = [code for block in BLOCKS for code in range(*block) if code in known]
    lines = [HEAD.rstrip("\n")]
    for word in words(font, codes + [ord(character) for character in EXTRA]):
        if lines[-1][:2] == "  " and len(lines[-1]) + 1 + len(word) <= 98:
            lines[-1] += " " + word
        else:
            lines.append("  " + word)
    arguments.output.write_text("\n".join(lines) + '\n  """\n')


if __name__ == "__main__":
    main()
