"""Reading answers: feeds behind guards, JSON of strangers, HTML as text."""
