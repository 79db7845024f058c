"""What an evaluation costs as the past grows: the rival is the same evaluation with little stored."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from alerts.contract import load
from database.listening import About, Heard, store
from mentions.matching import about
from mentions.mention import Mention, date_mention
from sentiment.score import Label, Score
from services.evaluating import evaluate
from services.installation import Installation, install
from settings.model import Brand, Mail, Person, Routing, Settings

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SIZES = (10_000, 200_000)


@contextmanager
def holding(mentions: int) -> Iterator[Installation]:
    """An installation with this many mentions over three weeks."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        inst = install(
            Settings(
                path=folder / "groundswell.yaml",
                brands=(Brand(id="b", name="B", phrases=("b",)),),
                sources=(),
                people=(Person(id="p", name="P", email="p@example.com"),),
                routing=Routing(owner="p"),
                mail=Mail(
                    transport="file",
                    sender="g@example.com",
                    options=load("file").Options.model_validate({"folder": folder}),
                ),
                data_folder=folder,
                database=SecretStr(f"sqlite:///{folder / 'bench.db'}"),
            ),
            lambda: NOW,
        )
        score = Score(0.0, Label.NEUTRAL, "bench")
        step = timedelta(weeks=3) / mentions
        heard = (
            Heard(
                Mention(f"k{n}", "", "text", date_mention(NOW - n * step, NOW), author=f"a{n % 999}"),
                (About(about(["b"], "bench")[0], score),),
            )
            for n in range(mentions)
        )
        with inst.database.writing() as connection:
            store(connection, "bench", heard, NOW)
        yield inst


def main() -> None:
    seconds = []
    for size in SIZES:
        with holding(size) as inst:
            evaluate(inst)
            began = time.perf_counter()
            for _ in range(10):
                evaluate(inst)
            seconds.append((time.perf_counter() - began) / 10)
        print(f"{size:>9,} mentions stored   {seconds[-1] * 1000:8.1f} ms an evaluation of a brand")
    print(f"ratio                       {seconds[-1] / seconds[0]:10.2f}")


if __name__ == "__main__":
    main()
