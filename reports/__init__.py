"""What it looks like: charts as SVG for pages and as PNG for mails."""
