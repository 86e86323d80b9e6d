"""What Discord documents that it takes, checked on the bodies that the bot sends.

https://docs.discord.com/developers/components/reference and .../resources/message. Each check
returns sentences, so that a failing test says all that is wrong; an empty list is a body that
Discord takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

COMPONENTS_V2 = 1 << 15

ACTION_ROW, BUTTON, STRING_SELECT, SECTION, TEXT_DISPLAY = 1, 2, 3, 9, 10
THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 11, 12, 13, 14, 17
SELECTS = {STRING_SELECT, 5, 6, 7, 8}
TOP_LEVEL = {ACTION_ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR, CONTAINER}
LINK_STYLE, PREMIUM_STYLE = 5, 6

MENUS = {2, 3}
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")


def message_problems(body: dict[str, Any]) -> list[str]:
    """What Discord would not take in the body of a message, sent or edited."""
    parts = list(_walk(body.get("components") or []))
    problems = [problem for part in parts for problem in _part_problems(part)]
    if (body.get("flags") or 0) & COMPONENTS_V2:
        problems += _v2_problems(body, parts)
    elif len(body.get("content") or "") > 2000:
        problems.append("the content is longer than 2,000 characters")
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    if len(ids) != len(set(ids)):
        problems.append("a custom_id is used twice")
    if len(str(body.get("nonce") or "")) > 25:
        problems.append("the nonce is longer than 25 characters")
    words = [part.get(field) or "" for part in parts for field in ("content", "label", "url")]
    if len("".join(words).encode()) > 10_000:
        problems.append("the texts are longer than 10,000 bytes")
    return problems + _ping_problems(body)


def command_problems(commands: list[dict[str, Any]]) -> list[str]:
    """What Discord would not take in the list of an application's commands."""
    problems = []
    names = [(command.get("type", 1), command["name"]) for command in commands]
    if len(names) != len(set(names)):
        problems.append("two commands have the same name")
    for command in commands:
        if command.get("type", 1) in MENUS:
            problems += _menu_problems(command)
            continue
        for entry in (command, *command.get("options", [])):
            name, description = entry["name"], entry.get("description", "")
            if not COMMAND_NAME.fullmatch(name) or name != name.lower():
                problems.append(f"{name!r} cannot be a command's or an option's name")
            if not 1 <= len(description) <= 100:
                problems.append(f"{name}: a description has 1 to 100 characters")
            if len(entry.get("choices", [])) > 25:
                problems.append(f"{name}: there are more than 25 choices")
            if not 0 <= entry.get("min_length", 0) <= entry.get("max_length", 6000) <= 6000:
                problems.append(f"{name}: a text has 0 to 6,000 characters")
        if len(command.get("options", [])) > 25:
            problems.append(f"{command['name']}: there are more than 25 options")
    return problems


def _menu_problems(command: dict[str, Any]) -> list[str]:
    problems = []
    if not 1 <= len(command["name"].strip()) <= 32:
        problems.append(f"{command['name']!r} cannot be a menu command's name")
    if command.get("description") or command.get("options"):
        problems.append(f"{command['name']}: a menu command has no description and no options")
    return problems


def request_problems(requests: list[Any]) -> list[str]:
    """What Discord would not take in the requests that a bot has made."""
    problems = []
    for request in requests:
        body = request.json
        if request.path.endswith("/commands") and isinstance(body, list):
            problems += command_problems(body)
        elif isinstance(body, dict) and request.path.endswith("/callback"):
            problems += message_problems(body["data"]) if body.get("type") in {4, 7} else []
        elif request.path.endswith("/threads"):
            problems += [] if 1 <= len(body["name"]) <= 100 else ["a thread's name is too long"]
        elif isinstance(body, dict) and "/messages" in request.path:
            problems += message_problems(body)
    return problems


def _walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from _walk(component.get("components") or [])
        if "accessory" in component:
            yield component["accessory"]


def _v2_problems(body: dict[str, Any], parts: list[dict[str, Any]]) -> list[str]:
    problems = [
        f"a message of components has no {field}"
        for field in ("content", "embeds", "poll", "sticker_ids")
        if body.get(field)
    ]
    if not parts:
        problems.append("a message of components has at least one")
    if len(parts) > 40:
        problems.append(f"{len(parts)} components are more than 40")
    texts = [part["content"] for part in parts if part["type"] == TEXT_DISPLAY]
    characters = sum(len(text.encode("utf-16-le")) // 2 for text in texts)
    if characters > 4000:
        problems.append(f"{characters} characters of text are more than 4,000")
    problems += [
        f"a component of type {component['type']} cannot stand alone"
        for component in body["components"]
        if component["type"] not in TOP_LEVEL
    ]
    return problems


def _part_problems(part: dict[str, Any]) -> list[str]:
    kind = part["type"]
    children = part.get("components") or []
    if kind == TEXT_DISPLAY and not part.get("content", "").strip():
        return ["a text is empty"]
    if kind == SECTION:
        return _section_problems(part, children)
    if kind in {BUTTON, STRING_SELECT}:
        return _button_problems(part) if kind == BUTTON else _select_problems(part)
    if kind == ACTION_ROW:
        selects = [child for child in children if child["type"] in SELECTS]
        if not children or len(children) > (1 if selects else 5):
            return ["a row holds 1 to 5 buttons or one select"]
    if kind == FILE and not re.match(r"attachment://[\w.-]+$", part["file"]["url"]):
        return ["a file is one that is attached to the message"]
    return []


def _select_problems(part: dict[str, Any]) -> list[str]:
    problems = []
    options = part.get("options", [])
    if not 1 <= len(options) <= 25:
        problems.append("a select has 1 to 25 options")
    if len({option["value"] for option in options}) != len(options):
        problems.append("two options of a select have the same value")
    for option in options:
        if not 1 <= len(option["label"]) <= 100 or not 1 <= len(option["value"]) <= 100:
            problems.append("an option's label and its value have 1 to 100 characters")
        if len(option.get("description") or "") > 100:
            problems.append("an option's description has at most 100 characters")
    if len(part.get("placeholder") or "") > 150:
        problems.append("a select's placeholder has at most 150 characters")
    if not 1 <= len(part.get("custom_id") or "") <= 100:
        problems.append("a select's custom_id has 1 to 100 characters")
    return problems


def _section_problems(part: dict[str, Any], children: list[dict[str, Any]]) -> list[str]:
    problems = []
    if not 1 <= len(children) <= 3 or any(child["type"] != TEXT_DISPLAY for child in children):
        problems.append("a section holds 1 to 3 texts")
    if part.get("accessory", {}).get("type") not in {BUTTON, THUMBNAIL}:
        problems.append("a section has a button or a thumbnail beside it")
    return problems


def _button_problems(part: dict[str, Any]) -> list[str]:
    problems = []
    style = part.get("style")
    label, address = part.get("label") or "", part.get("url") or ""
    if len(label) > 80:
        problems.append(f"a label of {len(label)} characters is longer than 80")
    if style != PREMIUM_STYLE and not label and not part.get("emoji"):
        problems.append("a button has a label or an emoji")
    if style == LINK_STYLE:
        if "custom_id" in part:
            problems.append("a link button has no custom_id")
        if not re.match(r"(https?|discord)://[^\s]+$", address) or len(address) > 512:
            problems.append(f"{address!r} cannot be a link button's address")
    elif style != PREMIUM_STYLE and not 1 <= len(part.get("custom_id") or "") <= 100:
        problems.append("a button's custom_id has 1 to 100 characters")
    return problems


def _ping_problems(body: dict[str, Any]) -> list[str]:
    allowed = body.get("allowed_mentions")
    if allowed is None:
        return ["the message does not say that nobody is to be pinged"]
    pings = [
        allowed.get(kind)
        for kind in ("parse", "users", "roles", "replied_user")
        if allowed.get(kind)
    ]
    return [f"the message may ping: {pings}"] if pings else []
