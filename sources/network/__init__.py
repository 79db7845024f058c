"""Asking servers: one polite client, whom to spare, which addresses are refused, what failures mean."""
