"""What admins do in Discord: reload the articles, and look at the state of the bot."""
