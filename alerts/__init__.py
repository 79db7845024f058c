"""Who is told, and when: routing, letters and the channels they travel by."""
