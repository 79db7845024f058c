"""What to do next: playbooks as YAML beside the engine that turns them into checklists."""
