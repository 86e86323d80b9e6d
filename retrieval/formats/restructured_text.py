"""reStructuredText → its text, by docutils' parser.

Nothing that a file names is read, and of what it asks a program to do nothing is done: directives
and roles of all names, also those of Sphinx, stand for the words in them. No transforms are made,
which would look for the targets of links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from docutils import frontend, nodes, utils
from docutils.parsers.rst import Directive, Parser, directives, roles, states
from docutils.statemachine import StringList, string2lines

from ..errors import FileError
from .front_matter import front_matter, with_front_matter
from .tree_text import table_row, with_tables

MAX_PARAGRAPH = 10_000
"""Characters in which marks may belong together; docutils takes no longer line, for the time that
a search for the second mark of each would take."""

# fmt: off
_LEFT_OUT = frozenset({
    "author", "bibliography", "codeauthor", "contents", "date", "default-role", "digraph", "footer",
    "graph", "graphviz", "header", "highlight", "include", "index", "inheritance-diagram",
    "literalinclude", "mermaid", "meta", "moduleauthor", "plantuml", "plot", "raw", "role",
    "sectionauthor", "sectnum", "tabularcolumns", "tags", "target-notes", "toctree", "uml",
})
_CODE = frozenset({
    "code", "code-block", "doctest", "ipython", "math", "parsed-literal", "productionlist",
    "prompt", "sourcecode", "testcode", "testoutput",
})
# fmt: on
_VERSIONS = frozenset({"versionadded", "versionchanged", "versionremoved", "deprecated"})
_TAKEN_FROM_DOCUTILS = frozenset({"csv-table", "list-table", "replace", "unicode"})
"""Directives that docutils reads."""

_VERBATIM_ROLES = frozenset({"code", "literal", "math", "samp"})
_OPTION = re.compile(r":[^:\s][^:]*:(?:\s|$)")
_ALT = re.compile(r":alt:\s*(.*)")
_NO_WORDS = (
    nodes.citation_reference, nodes.footnote_reference, nodes.image, nodes.raw, nodes.system_message
)  # fmt: skip
_NOT_SHOWN = (nodes.Invisible, nodes.label, nodes.raw, nodes.transition)
_CODE_BLOCKS = (nodes.doctest_block, nodes.literal_block, nodes.math_block)
_MISREAD = 3
"""From this level on what docutils says of a fault holds the text that it did not read."""

_docutils_directive = directives.directive


def restructured_text(text: str) -> dict[str, Any]:
    """The text of a file: one paragraph a line, an empty line between; headings with `#`, and the
    fields that it begins with as front matter.

    Raises:
        FileError: it holds no text, or its front matter is too long.
    """
    body = front_matter(text).body
    settings = frontend.get_default_settings(Parser)
    # A level of 5 is that of no fault: none is told, and none ends the reading.
    settings.update(
        {
            "file_insertion_enabled": False,
            "raw_enabled": False,
            "halt_level": 5,
            "report_level": 5,
            "warning_stream": False,
            "syntax_highlight": "none",
            "trim_footnote_reference_space": True,
        },
        frontend.OptionParser(),
    )
    document = utils.new_document("", settings)
    # As Sphinx does (CustomReSTDispatcher): whatever the name, here is who reads it.
    directives.directive, roles.role = _directive, _role
    states.RSTState.nested_sm = _NestedMachine
    machine = states.RSTStateMachine(states.state_classes, "Body")
    lines = string2lines(text[body:], settings.tab_width, convert_whitespace=True)
    machine.run(_Lines(lines, ""), document, inliner=_inliner())
    fields = {} if body else _fields(document)
    words = "\n\n".join(with_tables(_blocks(document, 0)))
    if not words:
        raise FileError("it holds no text")
    if body:
        return {"text": f"{text[:body].rstrip()}\n\n{words}"}
    return {"text": with_front_matter(fields, words) if fields else words}


def _inliner() -> Any:
    """What reads the marks in a paragraph: by parts, so that its time is in proportion to it."""
    inliner = states.Inliner()
    whole = inliner.parse

    def parse(text: str, *about: Any) -> tuple[list[Any], list[Any]]:
        parts = re.findall(rf"(?s).{{1,{MAX_PARAGRAPH}}}(?:\s|\Z)|.{{{MAX_PARAGRAPH}}}", text)
        return [inline for part in parts for inline in whole(part, *about)[0]], []

    inliner.parse = parse
    # Addresses are words, too.
    inliner.implicit_inline = lambda text, _: [nodes.Text(text)]
    return inliner


class _States(dict[str, Any]):
    """The states of a machine, each made when it is first entered: of a list of one item most are
    never, and they took most of the time."""

    def __init__(self, machine: Any, classes: Sequence[Any]) -> None:
        self._machine, self._classes = machine, {state.__name__: state for state in classes}

    def __missing__(self, name: str) -> Any:
        state = self[name] = self._classes[name](self._machine, False)
        if hasattr(self._machine, "memo"):  # Else it is not running yet.
            state.runtime_init()
        return state


class _NestedMachine(states.NestedStateMachine):  # type: ignore[misc]
    """What reads the lines within a list, a quotation or the like."""

    def add_states(self, classes: Sequence[Any]) -> None:
        self.states = _States(self, classes)


class _Lines(StringList):  # type: ignore[misc]
    """The lines of a file. To read a list docutils copies all that stand behind its first item:
    here those behind a line that must begin something else are not, so that the time of many short
    lists is in proportion to them."""

    def __getitem__(self, at: Any) -> Any:
        if not isinstance(at, slice):
            return self.data[at]
        start, stop = at.start or 0, self._end(at.start) if at.stop is None else at.stop
        lines, items = self.data[start:stop], self.items[start:stop]
        return StringList(lines, items=items, parent=self, parent_offset=start)

    def _end(self, start: int) -> int:
        first = ""
        for at in range(start + 1, len(self.data)):
            mark = self.data[at][:1]
            if mark.strip() and not self.data[at - 1]:
                if mark.isalnum() or (first and mark != first):
                    return at - 1  # The next line to be read is the empty one.
                first = first or mark
        return len(self.data)


class _AnyDirective(Directive):  # type: ignore[misc]
    """A directive whose words are read, or its picture, or its code."""

    has_content = True

    def run(self) -> list[Any]:
        name, lines = self.name.lower(), self.content
        # What is in the first lines belongs to the directive, or is the beginning of its words.
        size = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
        first = next((at for at in range(size) if _OPTION.match(lines[at])), size)
        picture = name in ("image", "figure")
        if isinstance(self.state, states.SubstitutionDef) or name in _LEFT_OUT:
            return [nodes.image()]
        if name in _CODE:
            argument = self.block_text.partition("\n")[0].partition("::")[2].strip()
            start = size if first < size or (argument and name != "math") else 0
            return [nodes.literal_block("", "\n".join(lines[start:]))]
        if name in _VERSIONS and first:
            lines[0] = lines[0].partition(" ")[2]
        alt = next((m[1] for line in lines[first:size] if (m := _ALT.match(line))), "")
        uri = "".join(lines[: first * picture])
        block = lines[first * picture : first] + lines[size:]
        read = nodes.figure() if picture else nodes.container()
        read += [nodes.image(alt=alt, uri=uri)] * picture
        self.state.nested_parse(block, self.content_offset, read, match_titles=True)
        return [read]


def _directive(name: str, language: Any, document: Any) -> tuple[Any, list[Any]]:
    if name.lower() in _TAKEN_FROM_DOCUTILS:
        return _docutils_directive(name.lower(), language, document)  # type: ignore[no-any-return]
    return _AnyDirective, []


def _role(name: str, *_: Any) -> tuple[Any, list[Any]]:
    """Of a role its words: "title" of "title <target>", "run" of "~thread.run"."""

    def words(_: str, raw: str, text: str, *__: Any, **___: Any) -> tuple[list[Any], list[Any]]:
        text = utils.unescape(text)
        kind = name.rpartition(":")[2].lower()
        if kind in ("pep", "rfc"):
            text = f"{kind.upper()} {text}" if text.isdecimal() else text
        if kind not in _VERBATIM_ROLES:
            text = re.sub(r"\s*<[^<>]*>", "", text) or ("" if "raw" in kind else text.strip("<>"))
            text = text.rpartition(".")[2] if text.startswith("~") else text.removeprefix("!")
        return [nodes.Text(text)], []

    return words, []


def _fields(parent: Any) -> dict[str, str]:
    """The fields that a document begins with, below its title or without one, taken out of it."""
    for child in parent.children:
        if isinstance(child, nodes.section):
            return _fields(child)
        if isinstance(child, nodes.field_list):
            parent.remove(child)
            # As it stands there: "4. April" would be an item of a list.
            values = (" ".join(field[1].rawsource.split()) for field in child)
            return {field[0].astext().lower(): v for field, v in zip(child, values, strict=True)}
        if not isinstance(child, (nodes.title, nodes.Invisible, nodes.system_message)):
            break
    return {}


def _blocks(node: Any, level: int) -> Iterator[tuple[str, bool]]:
    """Yield each paragraph below a node, and each row of a table with True."""
    line = _line(node, level)
    if line is not None:
        if line.strip("# "):
            yield line, False
    elif isinstance(node, nodes.row):
        yield from table_row([[text for part in cell if (text := _text(part))] for cell in node])
    elif isinstance(node, nodes.table):
        yield "", False  # It parts two tables.
        for child in node:
            yield from _blocks(child, level)
    elif isinstance(node, nodes.figure):
        lines = [line for child in node for line, _ in _blocks(child, level)]
        # A caption stands right below its picture.
        yield from ((line, False) for line in ["\n".join(lines[:2]), *lines[2:]] if line)
    elif isinstance(node, nodes.enumerated_list) and node["enumtype"] == "arabic":
        # As in Markdown: what begins with "4. April" is such a list, too.
        for number, item in enumerate(node, node.get("start", 1)):
            for at, block in enumerate(_blocks(item, level)):
                yield (f"{number}{node['suffix']} {block[0]}", False) if at == 0 else block
    else:
        for child in node:
            yield from _blocks(child, level + isinstance(node, nodes.section))


def _line(node: Any, level: int) -> str | None:
    """A paragraph, or several lines that stand together; None where a node has such below it."""
    line: str | None = None
    if isinstance(node, _NOT_SHOWN):
        line = ""
    elif isinstance(node, nodes.title) and isinstance(node.parent, nodes.section):
        line = "#" * min(level, 6) + " " + _words(node)
    elif isinstance(node, nodes.image):
        line = f"![{node.get('alt', '')}]({node['uri']})" if node.get("uri") else ""
    elif isinstance(node, _CODE_BLOCKS):
        line = node.astext().strip("\n")
    elif isinstance(node, nodes.line_block):
        line = "\n".join(_words(part) for part in node.findall(nodes.line)).strip()
    elif isinstance(node, nodes.field):
        line = f"{_words(node[0])}: {_text(node[1])}"
    elif isinstance(node, nodes.system_message):
        unread = [part.astext() for part in node if isinstance(part, nodes.literal_block)]
        # Of a directive its content.
        parts = (t.partition("\n\n")[2] if t.startswith("..") else t for t in unread)
        line = "\n\n".join(parts) if node["level"] >= _MISREAD else ""
    elif isinstance(node, nodes.TextElement):
        line = _words(node)
    return line


def _text(node: Any) -> str:
    """All that a part of a cell holds, on one line."""
    return " ".join(line for line, _ in _blocks(node, 0))


def _words(node: Any) -> str:
    return " ".join("".join(_inline(node)).split())


def _inline(node: Any) -> Iterator[str]:
    if isinstance(node, nodes.Text):
        yield node.astext()
    elif isinstance(node, nodes.substitution_reference):
        name = node.astext()
        defined = node.document and node.document.substitution_defs.get(name)
        # One that is in another stays a name: they may go in circles.
        yield name if defined is None else defined.astext()
    elif not isinstance(node, _NO_WORDS):
        for child in node:
            yield from _inline(child)
        yield " " * isinstance(node, (nodes.paragraph, nodes.term))
