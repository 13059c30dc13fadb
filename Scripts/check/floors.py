"""The library's folders are floors: a file names the types of its own floor and of those below it, and
none above. Prints what breaks that, and fails.

python3 Scripts/check/floors.py"""

import pathlib
import re
import sys

LIBRARY = pathlib.Path(__file__).parents[2] / "Sources/FlexVLM"
# From the ground up, the data's way: "." are the files beside the folders, the whole from image to answer.
FLOORS = """Support Files Image Numerics Weights Tokenizer Configuration Vision Cells Language HighResolution
    Policies FlexAttention Generation Model . Cost Drawing Evaluation Quantization Profiling Extraction
    Serving""".split()

TYPE = re.compile(
    r"^(?:@\w+(?:\([^)]*\))? )*(?:(?:public|package|final|indirect) )*"
    r"(?:struct|enum|class|actor|protocol|typealias) (\w+)",
    re.M,
)


def code(text: str) -> str:
    """Swift without comments and the contents of its strings."""
    text = re.sub(r'"""[\s\S]*?"""', '""', text)
    text = re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)
    return re.sub(r"//[^\n]*", "", text)


def floor(path: pathlib.Path) -> int:
    within = path.relative_to(LIBRARY).parent
    return FLOORS.index(within.parts[0] if within.parts else ".")


def faults() -> list[str]:
    files = {path: code(path.read_text()) for path in sorted(LIBRARY.rglob("*.swift"))}
    home = {name: floor(path) for path, text in files.items() for name in TYPE.findall(text)}
    found = []
    for path, text in files.items():
        named = set(re.findall(r"(?<!Swift\.)\b[A-Z]\w+", text))
        for name in sorted(named & home.keys()):
            if home[name] > floor(path):
                found.append(f"{path.relative_to(LIBRARY)} names {name}, of {FLOORS[home[name]]} above it")
    return found


if __name__ == "__main__":
    found = faults()
    print("\n".join(found) or f"{len(FLOORS)} floors, nothing names what is above it")
    sys.exit(bool(found))
