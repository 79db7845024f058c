"""One issue, one owner, until resolved: lifecycle, severity and timeline as pure decisions."""
