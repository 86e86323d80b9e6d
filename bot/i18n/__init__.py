"""What the bot says, in each language that it speaks: one TOML file each."""
