"""Keeping a few programs running: start in order, restart what ends, stop in reverse order."""
