"""How brands stand, as of a moment ago: it takes all brands and two windows to say, and everybody looks at once."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from threading import Lock

from services.installation import Installation
from services.standing import standing_of
from voices.standing import Standing

# Shares of a day are the same half a minute later; those of a month are for longer.
OLDEST = timedelta(seconds=30)
OLDEST_PART = 1 / 2_880


class RecentStanding:
    """Standings by brand and length of window, remembered; of several who ask at once one reads, the others wait."""

    def __init__(self, inst: Installation) -> None:
        self._inst = inst
        self._known: dict[tuple[str, timedelta], Standing] = {}
        self._reading: defaultdict[tuple[str, timedelta], Lock] = defaultdict(Lock)

    def of(self, brand: str, since: datetime, until: datetime) -> Standing:
        """The standing in a window that ends a moment before ``until`` at most; of a month, some minutes."""
        key = (brand, until - since)
        with self._reading[key]:
            known = self._known.get(key)
            oldest = max(OLDEST, (until - since) * OLDEST_PART)
            if known is None or not timedelta(0) <= until - known.until <= oldest:
                known = standing_of(self._inst, brand, since, until)
                self._known[key] = known
            return known
