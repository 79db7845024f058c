"""What this team configured: the typed model of ``groundswell.yaml``, with secrets from the environment."""
