"""Whatever a file holds: it is read or named with a reason, and every quote is the file's own.

ANY_BYTES=10000 tries so many files (`make any-bytes`).
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval import file_worker
from retrieval.articles.file_reader import FileToRead, ParsedFile
from retrieval.formats import extraction, file_text, helper_process
from tests.conftest import SEEDS

from ..documents import document
from ..pdfs import pdf

EXAMPLES = int(os.environ.get("ANY_BYTES", "100"))

GOOD = [
    *(file.read_bytes()[:4_000] for file in sorted(SEEDS.glob("*.txt"))),
    "---\ntitle: Der Rat\ndate: 2024-03-05\n---\n# Der Rat\n\nDer Rat tagte am 3. März.".encode(),
    b"+++\ntitle = 'A'\n+++\n\n| Pool | Adults |\n|---|---|\n| Ash | 5.50 |\n\nIt **opens** now.",
    "<html><h1>A</h1><p>El concejo se reunió el 3 de enero de 2024.</p></html>".encode(),
    ("第1条规定，市议会每年在市政厅开会，" * 20).encode("gb18030"),
    b"Der Rat\n=======\n\n:date: 2024-03-05\n\n.. note:: Er *tagte* am |a| [1]_.",
    b"== ==\na  b\n== ==\n\n.. code::\n\n   It opens now.\n\n.. |a| replace:: May `x <y>`_",
    pdf([["The council met on Tuesday and approved the budget."]] * 2),
    *(
        document(suffix, ["# A", "The council met on 3 May."], "A")
        for suffix in file_text.DOCUMENTS
    ),
]
PIECES = [
    b"\xff",
    b"\x00",
    b"\r",
    b"---\n",
    b"|",
    b"<",
    b"**",
    b"&#",
    b"[[",
    b"\xe2\x80\xa8",
    b"\xad",
]

changes = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 60),
        st.sampled_from(PIECES) | st.binary(max_size=8),
        st.integers(1, 20),
    ),
    min_size=1,
    max_size=8,
)


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """A good file of which some parts are taken out, and others put in."""
    data = draw(st.sampled_from(GOOD))
    for place, length, piece, times in draw(changes):
        start = int(place * len(data))
        data = data[:start] + piece * times + data[start + length :]
    return data


@settings(
    max_examples=EXAMPLES,
    derandomize="ANY_BYTES" not in os.environ,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.binary(max_size=2_000) | mutations(), st.sampled_from(file_text.SUFFIXES))
def test_a_file_is_read_or_named_and_its_quotes_are_its_own(data: bytes, suffix: str) -> None:
    sha256 = hashlib.sha256(data).hexdigest()
    about = FileToRead(data, f"a{suffix}", {}, sha256).about | {"whole": True}
    reply = helper_process.reply_of(file_worker._read, about, data)
    assert "trace" not in reply, reply["trace"]
    if "refused" in reply:
        assert reply["refused"]
        return
    parsed: ParsedFile = reply["parsed"]
    text = file_text.read(data, Path(about["path"]).suffix, extraction.extract).text
    quotes = [*parsed.passages, *(meeting.evidence for meeting in parsed.meetings)]
    assert all(text[quote.start : quote.end] == quote.text for quote in quotes)
