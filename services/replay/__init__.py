"""The past run through what judges the present: which alarms there would have been, when and why."""
