"""Who is speaking: how many, how loud, how far it reaches, and what they rate."""
