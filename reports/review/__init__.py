"""The after-action review: what is known of one incident, a first draft in words, and the paper it is handed out on."""
