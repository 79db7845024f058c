"""Who may do what: roles, permissions and what keeps strangers out, as pure decisions."""
