"""The parts of ``groundswell replay`` and ``groundswell tune``."""
