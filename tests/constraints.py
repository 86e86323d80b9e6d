"""Makes constraints.txt: `python -m tests.constraints`, with any options of `uv pip compile`.

uv picks a version for each system and Python, and keeps the version that stands there already.
The hashes are those of all files of a version on PyPI. torch has builds for the processor alone
on an index of its own, which says their hashes too.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
TORCH_INDEX = "https://download.pytorch.org/whl/cpu/torch/"
HEAD = """\
# What was tested together, with the SHA-256 of each file: made by `make constraints`, which keeps
# what is pinned here. Ranges stand in pyproject.toml; what only `make bench` and `make docs`
# install is here as well, so that it changes nothing of the rest. Tested on Python 3.11.
"""


def with_builds(constraints: str, page: str) -> str:
    """Add the hashes of torch's builds for the processor to those of its files on PyPI.

    `constraints` is what uv has made, `page` the HTML of the index that has these builds. Raises
    `ValueError` if torch is not pinned, or if the page has no build of that version.
    """
    pin = re.search(r"^torch==(\S+).*\n((?: +--hash=.*\n)+)", constraints, re.MULTILINE)
    if not pin:
        raise ValueError("torch is not pinned.")
    version = re.escape(pin[1])
    builds = re.findall(rf"/torch-{version}(?:%2B|\+)cpu-[^\"#]+#sha256=([0-9a-f]{{64}})", page)
    if not builds:
        raise ValueError(f"The index has no build of torch {pin[1]} for the processor.")
    hashes = sorted({*re.findall("[0-9a-f]{64}", pin[2]), *builds})
    listed = " \\\n".join(f"    --hash=sha256:{digest}" for digest in hashes)
    return f"{constraints[: pin.start(2)]}{listed}\n{constraints[pin.end(2) :]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--torch-index", default=TORCH_INDEX, help="(%(default)s)")
    parsed, options = parser.parse_known_args()
    with urlopen(parsed.torch_index) as answer:  # noqa: S310 - it is the index, or what was named.
        page = answer.read().decode()
    file = ROOT / "constraints.txt"
    uv = [Path(sys.executable).with_name("uv"), "pip", "compile", "--quiet", "--no-header"]
    uv += ["--universal", "--python-version", "3.11", "--no-python-downloads", "--all-extras"]
    uv += ["--generate-hashes", "--no-annotate", "--only-binary", ":all:", "--emit-build-options"]
    uv += [*options, "pyproject.toml", "bench/requirements.txt", "--output-file", file]
    subprocess.run(uv, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    file.write_text(HEAD + with_builds(file.read_text("utf-8"), page), "utf-8")


if __name__ == "__main__":
    main()
