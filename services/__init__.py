"""What the system does: listening, responding, delivering, and the tick that runs them all."""
