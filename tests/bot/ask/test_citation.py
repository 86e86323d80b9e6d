"""*Copy as citation* under a quote in its context."""

from __future__ import annotations

import pytest

from bot.ask.buttons import CitationButton
from bot.journal.journal import Journal
from retrieval import Library, Verdict, check_citation, read_citations

from ..server import press, seen, serving
from .test_buttons import QUESTION, asked, labels


async def test_a_quote_is_copied_as_a_citation(library: Library, journal: Journal) -> None:
    async with serving(library, journal=journal) as server:
        shown = await server.ana.click(await asked(server), label="Show in context")
        assert "Copy as citation" in labels(shown.response.message)
        cited = await press(server.ana, shown.response.message, "Copy as citation")
        message = cited.response.message
        assert cited.ephemeral
        quote = library.ask(QUESTION).quotes[0]
        assert quote.text in str([each.to_dict() for each in message.components])
        assert quote.sha256 in seen(message)
        (file,) = message.attachments
        assert file.filename == "citation.json"
        (citation,) = read_citations((await file.read()).decode())
        check = check_citation(citation, library.sources(), library.context)
        assert check.verdict is Verdict.STANDS


async def test_a_citation_is_made_for_one_press_at_a_time(
    library: Library, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(library, journal=journal) as server:
        shown = await server.ana.click(await asked(server), label="Show in context")
        under_way = {(server.ana.id, CitationButton)}
        monkeypatch.setattr("bot.ask.answer_button._PRESSING", under_way)
        told = await press(server.ana, shown.response.message, "Copy as citation")
        assert "still at work" in seen(told.response.message)


@pytest.mark.parametrize("language", ["en", "de", "es", "vi"])
def test_the_label_fits(language: str) -> None:
    from bot.i18n.phrases import phrases_in  # noqa: PLC0415

    assert len(phrases_in(language)("cite")) <= 80
