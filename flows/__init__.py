"""When it happens: the tick as a Prefect flow, and what schedules it.

Nothing here is imported when ``import flows`` is: importing Prefect takes seconds, and the command line needs only
the names of these modules.
"""
