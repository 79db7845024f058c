"""What lets an assistant read along and propose: an MCP server that is a client of the JSON API and nothing else."""
