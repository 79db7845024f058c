"""Ways to reach a person: one file per channel, found by name."""
