"""How it felt: the tone of a text, scored in batches with VADER."""
