"""`/meetings about:`, and the address of a calendar that can be subscribed to."""

from __future__ import annotations

from bot.ui.links import Links
from retrieval import Library, MeetingFilter

from ..server import seen, serving


async def test_meetings_about_something_and_the_address_of_their_feed(library: Library) -> None:
    async with serving(library, links=Links("https://articles.example")) as server:

        async def listed(about: str) -> str:
            result = await server.ana.slash(server.channel, "meetings", about=about)
            return seen(result.response.message)

        result = await server.ana.slash(server.channel, "meetings", about="Büroarbeit")
        message = result.response.message
        none, odd = await listed("Schwimmbad"), await listed("?!")
        file = (await server.ana.click(message, label="Calendar file (.ics)")).response.message
        content = await file.attachments[0].read()

    found = library.meetings(MeetingFilter(about="Büroarbeit"))
    assert 0 < len(found) < len(library.meetings())
    assert seen(message).count(". **") == len(found)
    assert "-# Filters: about “Büroarbeit”" in seen(message)
    assert none.startswith("No meeting is about “Schwimmbad”. Without your filter there are ")
    assert odd == "I find no words in what the meetings are to be about."
    assert content.count(b"BEGIN:VEVENT") == sum(bool(m.date and m.date.year) for m in found)
    assert "https://articles.example/meetings.ics?about=B%C3%BCroarbeit" in seen(file)
