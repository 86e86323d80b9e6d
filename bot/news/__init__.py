"""News to a channel: what a reload has brought."""
