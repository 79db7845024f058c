"""The whole of the response by the command line: one file for each group of commands."""
