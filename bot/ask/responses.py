"""Where an answer is shown: as a reply to a message, or as the response to a command."""

from __future__ import annotations

import discord

from ..client import Bot
from ..ui.delivery import EXPIRED, TRY_FOR, DeliveryError, deliver


class MessageReply:
    """The bot's reply to a message: sent once, then edited."""

    def __init__(
        self, target: discord.Message, sent: discord.Message | discord.PartialMessage | None = None
    ) -> None:
        self._target = target
        self._sent = sent

    async def show(
        self, view: discord.ui.LayoutView, /, within: float = TRY_FOR
    ) -> discord.Message | None:
        """Send the message, or edit it, trying for so many seconds; return what was sent.

        Raises:
            DeliveryError: Discord does not take it.
        """
        if (sent := self._sent) is not None:
            # An edit does not take the client's default: nobody is to be pinged.
            nobody = discord.AllowedMentions.none()
            return await deliver(lambda: sent.edit(view=view, allowed_mentions=nobody), within)
        self._sent = message = await deliver(
            lambda: self._target.channel.send(
                view=view,
                reference=self._target.to_reference(fail_if_not_exists=False),
                # Discord sends a message of this nonce once, however often the event arrives.
                nonce=str(self._target.id),
            ),
            within,
        )
        return message


class CommandResponse:
    """The response to a command: a message of its own once the command's token is too old."""

    def __init__(self, interaction: discord.Interaction, private: bool) -> None:
        self._interaction = interaction
        self._private = private
        self._sent: discord.Message | None = None

    async def show(
        self, view: discord.ui.LayoutView, /, within: float = TRY_FOR
    ) -> discord.Message:
        """Show the message in the response, or in its channel; see `MessageReply.show`."""
        if (sent := self._sent) is not None:
            return await deliver(lambda: sent.edit(view=view), within)
        interaction = self._interaction
        try:
            return await deliver(lambda: interaction.edit_original_response(view=view), within)
        except DeliveryError as error:
            if error.code not in EXPIRED or self._private or interaction.channel_id is None:
                raise
        channel = Bot.of(interaction).get_partial_messageable(interaction.channel_id)
        nonce = str(interaction.id)
        self._sent = message = await deliver(lambda: channel.send(view=view, nonce=nonce), within)
        return message
