"""``python -m cli`` is ``groundswell``."""

from cli.main import main

main()
