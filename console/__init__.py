"""Where people work: the pages, and what keeps them live and safe."""
