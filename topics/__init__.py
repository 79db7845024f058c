"""What it is about: terms that stand out, posts that stand for many, categories and tags by rules."""
