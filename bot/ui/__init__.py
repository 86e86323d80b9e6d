"""What the features share when they write to people: text, messages, replies and links."""
