"""What was said: mentions, and which brands they are about."""
