"""Mentions in files: rows of CSV and JSON Lines, read and written."""
