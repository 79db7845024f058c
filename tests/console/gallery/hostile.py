"""What attackers write, wherever strangers or colleagues can write something, by the services that take it in.

``window.hit`` is set by whatever runs.
"""

from __future__ import annotations

import json
from datetime import timedelta

from incidents.proposals import Author, Note
from incidents.statements import Edit
from services import checklists, marking, proposing, response, reviews, statements
from services.installation import Installation
from services.receiving import receive
from services.reporting import Taken, Told, take_report
from tests.console.gallery.rich_team import CALLS

FOREIGN = "https://evil.example"
PAYLOADS = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    f'"><img src={FOREIGN}/a.png onload=window.hit=1>',
    "'><svg/onload=window.hit=1>",
    "<svg><script>window.hit=1</script><animate onbegin=window.hit=1></svg>",
    "<math><mi//xlink:href='data:x,<script>window.hit=1</script>'>",
    "<details open ontoggle=window.hit=1>",
    f"<link rel=stylesheet href={FOREIGN}/a.css><style>@import '{FOREIGN}/b.css';</style>",
    f"<meta http-equiv=refresh content='0;url={FOREIGN}'><base href={FOREIGN}>",
    f"<iframe src={FOREIGN}></iframe><object data={FOREIGN}></object>",
    f"<form action={FOREIGN}><button>Undo</button></form>",
    "</textarea></title></style></script></main></li></ol><script>window.hit=1</script>",
    "<!-- --><!--[if IE]><script>window.hit=1</script><![endif]--> <![CDATA[<script>window.hit=1</script>]]>",
    "{{7*7}} {% for x in y %} ${7*7} #{7*7} <%= 7*7 %> {{constructor.constructor('window.hit=1')()}}",
    "javascript:window.hit=1 [click](javascript:window.hit=1) ![x](https://evil.example/a.png)",
    "\u202egnp.exe\u202d \u2066isolate\u2067 never closed \u202b embedded",
    "zero\u200bwidth\u200d\ufeff\u2060 and \u0300\u0301\u0302\u0303\u0304 marks z\u0337\u0338\u0336\u0335",
    "nul\x00 bell\x07 escape\x1b[31m half\ud800 \udfff",
    '=HYPERLINK("https://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "-2+3+cmd|' /C calc'!A0",
    '#let x = read("/etc/passwd") #x \\input{/etc/passwd}',
)  # fmt: skip
LINKS = (
    "javascript:window.hit=1",
    " javascript:window.hit=1",
    "JaVaScRiPt:window.hit=1//https://a.example",
    "data:text/html,<script>window.hit=1</script>",
    "vbscript:x",
    "//evil.example/a",
    'https://evil.example/"onmouseover="window.hit=1',
    "https://user:pass@evil.example/'><script>window.hit=1</script>",
    "https://evil.example/\u202egnp",
    "http://[::1",
)  # fmt: skip
ENDLESS = "w" * 1_000_000
# One that cannot be broken; letters that take three bytes each, and such that take more once they are escaped.
LONG = (ENDLESS, *(f"{number} {letter * 20_000}" for number in range(30) for letter in ("長", "&'")))


def strike(inst: Installation) -> None:
    """Let attackers write of Northwind Air, and colleagues copy it into incident 5 and a tip."""
    entries = [
        {
            "text": f"Northwind Air {payload} is awful {position}",
            "title": f"{payload} title",
            "author": f"{payload}",
            "url": LINKS[position % len(LINKS)],
            "published": (inst.clock() - timedelta(seconds=position)).isoformat(),
        }
        for position, payload in enumerate((*PAYLOADS, *LONG))
    ]
    answer = receive(inst, CALLS, "strike", json.dumps(entries).encode())
    assert answer["new"] == len(entries), answer["refused"]
    _copied(inst, 5)


def _copied(inst: Installation, number: int) -> None:
    words = "\n".join(PAYLOADS)[:3_000]
    for waiting in range(1, 5):
        proposing.decline(inst, number, waiting, "dana", PAYLOADS[0])
    for payload in PAYLOADS:
        response.add_note(inst, number, "dana", payload)
        proposing.propose(inst, number, Author(payload, "lee"), Note(payload), payload)
        checklists.add_task(inst, number, "dana", payload[:200], "lee", inst.clock() + timedelta(hours=1))
        told = Told(f"{payload} northwind", "northwind", payload, LINKS[0], taken_by="dana", incident=number)
        take_report(inst, told)
    assert isinstance(take_report(inst, Told(words[:900], "northwind-hotels", words[:90], taken_by="lee")), Taken)
    response.add_note(inst, number, "dana", "w" * 3_900)
    checklists.skip_step(inst, number, 5, "dana", PAYLOADS[1])
    checklists.complete_step(inst, number, 3, "dana", evidence=words[:1_900])
    statements.draft_from(inst, number, "dana", "holding")
    _reworded(inst, number, words)
    statements.brief(inst, number, "dana", words, inst.clock() + timedelta(minutes=30))
    marking.mark_missed(inst, "northwind", inst.clock() - timedelta(hours=2), "lee", PAYLOADS[0] + PAYLOADS[15])
    texts = dict.fromkeys(("summary", "worked", "people", "process", "technology", "changes"), words)
    reviews.write(inst, 3, "dana", {**texts, "actions": f"{PAYLOADS[0]} | {PAYLOADS[1]} | 2026-06-01"}, 0)


def _reworded(inst: Installation, number: int, words: str) -> None:
    """Every statement of the incident, in an attacker's words."""
    for at in range(1, 4):
        statements.edit(inst, number, "lee", Edit(at, 1, words))
