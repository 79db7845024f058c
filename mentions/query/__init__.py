"""The brand query language: what it is made of, how it is read and written, how texts are matched with it."""
