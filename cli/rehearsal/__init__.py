"""The demo behind its command: the stage it plays on, and the stages of its story."""
