"""Where people speak: one file per kind of source, and the one polite HTTP client."""
