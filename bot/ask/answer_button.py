"""What the buttons under an answer have in common."""

from __future__ import annotations

from retrieval import Quote

from ..client import Bot
from ..i18n.phrases import phrases_for
from ..journal.records import SentAnswer
from ..ui.delivery import DeliveryError
from ..ui.message import Interaction, StoredButton, whisper

_PRESSING: set[tuple[int, type[AnswerButton]]] = set()
"""The members for whom a button is at work, with its kind."""


class AnswerButton(StoredButton):
    """What the buttons have in common: the answer that they belong to, and one of its quotes."""

    pattern = "([0-9a-f]{16}):([0-9]{1,3})"

    async def callback(self, interaction: Interaction) -> None:
        """Do what the button is for, unless the member's last press of it is still under way."""
        press = interaction.user.id, type(self)
        if press in _PRESSING:
            await whisper(interaction, phrases_for(interaction.locale)("press_at_a_time"))
            return
        _PRESSING.add(press)
        try:
            await self.pressed(interaction)
        except DeliveryError as error:
            error.log(f"interaction={interaction.id}", interaction.channel_id)
        finally:
            _PRESSING.remove(press)

    async def pressed(self, interaction: Interaction) -> None:
        """Do what the button is for: reply with its message. May raise DeliveryError."""
        await super().callback(interaction)

    @property
    def answer(self) -> str:
        """The answer's id in the journal."""
        return self.values[0]

    @property
    def quote_index(self) -> int:
        """Which of the quotes that the answer has shown: under it, the first in the message."""
        return int(self.values[1])

    def quote_of(self, sent: SentAnswer | None, further: int = 0) -> Quote | None:
        """Return the button's quote as it stands now, or one `further` behind it; None if there is
        none (any more).

        Args:
            sent: the answer; None if it is forgotten.
            further: how many quotes behind the button's.
        """
        index = self.quote_index + further
        return sent.quotes_now[index] if sent and index < len(sent.quotes) else None

    async def sent_answer(self, interaction: Interaction) -> SentAnswer | None:
        """Return the answer; if it is forgotten, tell the member that and return None."""
        journal = Bot.of(interaction).journal
        sent = await journal.answer(self.answer)
        if sent is None:
            await whisper(interaction, phrases_for(interaction.locale)(journal.why_absent))
        return sent
