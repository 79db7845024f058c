"""What is remembered: tables, migrations, sessions, and the store that services use."""
