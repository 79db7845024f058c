"""What programs ask of the console: the JSON API under ``/api/v1``, one module for each resource."""
