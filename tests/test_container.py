"""What can be held of the container without an engine: its files agree with the rest."""

from __future__ import annotations

import fnmatch
import json
import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
import yaml

from bot.settings import VARIABLES
from bot.web.options import READER_PORT
from retrieval import __version__
from tests.conftest import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
STEPS = [
    line.split(maxsplit=1)
    for line in re.sub(r"\\\n\s*", "", DOCKERFILE).splitlines()
    if line and not line.startswith("#")
]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def step(name: str) -> list[str]:
    """What stands behind an instruction, each time that it comes."""
    return [rest for instruction, rest in STEPS if instruction == name]


def environment() -> dict[str, str]:
    return dict(pair.split("=") for line in step("ENV") for pair in line.split())


def test_every_setting_that_is_set_exists() -> None:
    named = {*environment(), *SERVICES["bot"]["environment"]}
    used = {name for name in named if name.startswith("PASSAGE_")}
    assert used <= VARIABLES
    assert {f"PASSAGE_{name}" for name in ("HEALTH_PORT", "DATA_DIR", "CHROMA_URL")} <= used


def test_the_torch_that_was_tested_comes_first_and_for_the_cpu() -> None:
    first, dependencies, own = (run for run in step("RUN") if "pip install" in run)
    pins, pip, torch = first.split(" && ")
    (tested,) = re.findall(r"^torch==(\S+)", (ROOT / "constraints.txt").read_text(), re.M)
    assert torch.endswith(f" torch=={tested}+cpu")
    assert "--index-url https://download.pytorch.org/whl/cpu " in torch
    # Each file is held against its hash: also pip, and what builds the package.
    assert pip == f"pip install -r {pins.rpartition(' ')[2]}"
    for run in (torch, dependencies):
        assert "pip install -c constraints.txt " in run
    assert own == "pip install --no-deps --no-build-isolation ."


def test_the_pip_of_the_image_is_the_one_that_was_tested() -> None:
    """Older ones take no hashes from constraints; the command finds its pin, hashes and all."""
    (command,) = re.findall(r"(sed .+?) > pip\.txt", DOCKERFILE)
    made = subprocess.run(
        ["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert re.fullmatch(r"pip==\S+( \\\n    --hash=sha256:[0-9a-f]{64})+\n", made.stdout)


def test_the_model_is_built_into_the_image_beside_what_it_needs() -> None:
    """So that a start has nothing to build, and the volume holds no second one."""
    runs = step("RUN")
    (build,) = (run for run in runs if "model_build" in run)
    assert find_spec(build.removeprefix("python -m "))
    (dependencies,) = (run for run in runs if "-r requirements.txt" in run)
    (source,) = (line for line in step("COPY") if line.startswith("retrieval "))
    at = STEPS.index(["RUN", build])
    assert STEPS.index(["RUN", dependencies]) < STEPS.index(["COPY", source]) < at
    assert at < STEPS.index(["USER", step("USER")[0]])


def test_the_dependencies_are_those_of_the_project() -> None:
    """The command that lists them for the image, run on this pyproject.toml."""
    (command,) = re.findall(r"python -c '(.+?)'", DOCKERFILE)
    listed = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert listed.stdout.splitlines() == PROJECT["project"]["dependencies"]


def test_it_runs_as_a_user_without_rights() -> None:
    (user,) = step("USER")
    assert user == "10001:10001"
    assert STEPS.index(["USER", user]) < STEPS.index(["CMD", '["run"]'])
    (made,) = (run for run in step("RUN") if "useradd" in run)
    assert "--uid 10001" in made
    assert "--owner passage" in made
    assert made.endswith(f" {step('VOLUME')[0]}")
    for service in SERVICES.values():
        assert "user" not in service
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]


def test_what_is_written_goes_to_a_volume() -> None:
    assert environment()["PASSAGE_DATA_DIR"] == step("VOLUME")[0] == "/data"
    for name, service in SERVICES.items():
        volumes = dict(volume.split(":")[:2] for volume in service["volumes"])
        written = [source for source, target in volumes.items() if target == "/data"]
        assert written == [{"bot": "data", "chroma": "index"}[name]]
        assert written[0] in COMPOSE["volumes"]
    inside = environment()["PASSAGE_SEEDS_DIR"]
    assert f"./seeds:{inside}:ro" in SERVICES["bot"]["volumes"]
    assert SERVICES["bot"]["environment"]["PASSAGE_SEEDS_DIR"] == inside


def test_nothing_floats() -> None:
    (base,) = step("FROM")
    assert re.fullmatch(r"python:3\.11-slim\S*", base)
    assert {service["image"] for service in SERVICES.values()} == {f"passage:{__version__}"}


def test_the_chroma_server_is_where_the_bot_looks_for_it() -> None:
    command = SERVICES["chroma"]["entrypoint"]
    port = command[command.index("--port") + 1]
    assert SERVICES["bot"]["environment"]["PASSAGE_CHROMA_URL"] == f"http://chroma:{port}"
    assert f"'127.0.0.1', {port}," in SERVICES["chroma"]["healthcheck"]["test"][-1]
    assert "ports" not in SERVICES["chroma"]
    assert COMPOSE["networks"]["inside"]["internal"]
    assert SERVICES["chroma"]["networks"] == ["inside"]


def test_the_health_of_the_bot_is_asked_where_it_is_told() -> None:
    (check,) = step("HEALTHCHECK")
    command = json.loads(check.partition("CMD ")[2])
    compile(command[-1], "HEALTHCHECK", "exec")
    assert command[:2] == ["python", "-c"]
    assert "'/healthz'" in command[-1]
    assert "healthcheck" not in SERVICES["bot"]
    port = environment()["PASSAGE_HEALTH_PORT"]
    assert SERVICES["bot"]["environment"]["PASSAGE_HEALTH_PORT"] == port


def test_the_reader_is_published_to_the_host_alone_and_beside_the_health_check() -> None:
    inside = SERVICES["bot"]["environment"]
    reader = inside["PASSAGE_READER_PORT"]
    assert int(reader) == READER_PORT
    assert step("EXPOSE") == [reader]
    assert reader != inside["PASSAGE_HEALTH_PORT"]
    assert SERVICES["bot"]["ports"] == [f"127.0.0.1:{reader}:{reader}"]
    assert inside["PASSAGE_READER_HOST"] == environment()["PASSAGE_READER_HOST"] == "0.0.0.0"  # noqa: S104
    named = [ip_network(one) for one in inside["PASSAGE_READER_PROXIES"].split(",")]
    assert any(ip_address("172.18.0.1") in network for network in named)
    # Whether it is served at all is the operator's choice, in .env.
    assert "PASSAGE_READER" not in inside


def test_what_is_copied_is_let_through_and_no_secret_is() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_through = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {source for line in step("COPY") for source in line.split()[:-1]}
    assert copied == let_through
    assert all((ROOT / source).exists() for source in copied)
    assert "**/.*" in rules[-1]


@pytest.mark.parametrize("package", ["bot", "retrieval"])
def test_an_install_brings_every_file_of_the_package(package: str) -> None:
    """An editable install, as the tests have it, would not miss one."""
    patterns = PROJECT["tool"]["setuptools"]["package-data"][package]
    files = [
        file.relative_to(ROOT / package).as_posix()
        for file in (ROOT / package).rglob("*")
        if file.is_file() and file.suffix not in (".py", ".pyc")
    ]
    missed = [
        file for file in files if not any(fnmatch.fnmatch(file, pattern) for pattern in patterns)
    ]
    assert missed == []
