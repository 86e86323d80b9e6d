"""What is installed is what was tested, file by file: constraints.txt, and who heeds it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import ROOT
from tests.constraints import with_builds

CONSTRAINTS = (ROOT / "constraints.txt").read_text("utf-8")
HASH = r"    --hash=sha256:[0-9a-f]{64}"
ENTRY = re.compile(
    rf"^(?P<pin>[a-z0-9-]+==\S+)(?P<marker> ; .+?)? \\\n(?P<hashes>{HASH}(?: \\\n{HASH})*)$", re.M
)


def test_every_pin_has_its_hashes_and_nothing_is_built_while_it_is_installed() -> None:
    rest = ENTRY.sub("", CONSTRAINTS)
    lines = [line for line in rest.splitlines() if line and not line.startswith("#")]
    assert lines == ["--only-binary :all:"]
    assert len(ENTRY.findall(CONSTRAINTS)) > 200


def test_what_the_project_needs_is_pinned_within_its_ranges() -> None:
    """Also what builds it: that too comes from a file whose hash is known."""
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    bench = (ROOT / "bench" / "requirements.txt").read_text("utf-8").splitlines()
    needed = [
        *whole["build-system"]["requires"],
        *whole["project"]["dependencies"],
        *(line for extra in whole["project"]["optional-dependencies"].values() for line in extra),
        *(line for line in bench if not line.startswith("#")),
    ]
    pinned = {
        name: Version(pin)
        for name, pin in (entry["pin"].split("==") for entry in ENTRY.finditer(CONSTRAINTS))
    }
    missed = []
    for requirement in map(Requirement, needed):
        if requirement.name == "passage-bot":
            continue
        pin = pinned.get(canonicalize_name(requirement.name))
        if pin is None or pin not in requirement.specifier:
            missed.append((str(requirement), str(pin)))
    assert missed == []


def test_make_installs_nothing_else() -> None:
    lines = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", "").splitlines()
    (pinned,) = (line for line in lines if line.startswith("PINNED "))
    assert pinned.endswith("--constraint constraints.txt")
    ways = (
        "$(PIP) $(PINNED) ",
        "--requirement $(VENV)/pip.txt",
        "--requirement build/uv/uv.txt",
        "--no-deps --no-build-isolation --editable .",
    )
    steps = [line for line in lines if "$(PIP) " in line or "pip install" in line]
    assert len(steps) > 5
    assert [line for line in steps if not any(way in line for way in ways)] == []


@pytest.mark.skipif(
    Version(version("pip")) < Version("26.1"), reason="`make setup` has a newer pip"
)
def test_a_file_that_is_another_than_was_tested_is_refused(tmp_path: Path) -> None:
    """As it is where somebody puts another one under the same name."""
    (pin,) = re.findall(r"^idna==(\S+)", CONSTRAINTS, re.M)
    (tmp_path / f"idna-{pin}-py3-none-any.whl").write_bytes(b"tampered with")
    options = ["--quiet", "--quiet", "--no-index", "--find-links", tmp_path, "--target", tmp_path]
    run = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "-c", "constraints.txt", "idna"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE" in run.stderr
    assert f"idna=={pin}" in run.stderr
    assert len(run.stderr.splitlines()) < 10


def test_torch_has_the_hashes_of_its_builds_for_the_processor_too() -> None:
    one, two, three, other = (digit * 64 for digit in "1234")
    made = (
        f"tokenizers==1.0 \\\n    --hash=sha256:{other}\n"
        f"torch==2.1 ; python_version < '4' \\\n    --hash=sha256:{two}\n"
        f"tqdm==1.0 \\\n    --hash=sha256:{other}\n"
    )
    index = "".join(
        f'<a href="https://example.org/whl/cpu/torch-{build}.whl#sha256={digest}">torch</a><br/>\n'
        for build, digest in (
            ("2.1%2Bcpu-cp311-cp311-manylinux_2_28_x86_64", three),
            ("2.1%2Bcpu-cp312-cp312-win_amd64", one),
            ("2.1-cp312-cp312-macosx_14_0_arm64", two),
            ("2.10%2Bcpu-cp312-cp312-win_amd64", other),
            ("2.0%2Bcpu-cp312-cp312-win_amd64", other),
        )
    )
    listed = " \\\n".join(f"    --hash=sha256:{digest}" for digest in (one, two, three))
    assert with_builds(made, index) == made.replace(f"    --hash=sha256:{two}", listed)
    with pytest.raises(ValueError, match=r"no build of torch 2\.1 for the processor"):
        with_builds(made, index.replace("2.1%2B", "2.2%2B"))
    with pytest.raises(ValueError, match="torch is not pinned"):
        with_builds(made.replace("torch", "torso"), index)
