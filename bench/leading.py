"""The pages of leaders: how long each takes, over HTTP, for who works with the benefits and for who
leads the rollout. All that their links lead to are opened, of pages alike only the first few.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator

from bench.browsing import Browser, Page, Took
from bench.instance import Instance
from fellesjournal.demo.cast import STAFF

ROLES = ("benefits-coordinator", "rollout-lead")
EACH, ALIKE = 4, 3
BUDGET = 400
OK, TOO_MANY = 200, 429
_OWN = re.compile(r"(?<=/)[^/]*\d[^/]*(?=/)|(?<=/)[0-9a-f-]{8,}(?=/)")
"""What in an address names one of many."""


def leading(instance: Instance) -> None:
    """Print the median, the 95th percentile and the slowest pages, in milliseconds."""
    met: list[Took] = []
    for role in ROLES:
        browser = signed_in(instance, role)
        browser.note = met.append
        for path in list(pages(browser)):
            for _ in range(EACH):
                patiently(browser, path)
    times = sorted((each.milliseconds, each.path) for each in met if each.status == OK)
    faults = [each for each in met if each.status not in {OK, TOO_MANY}]
    half, most = times[len(times) // 2][0], times[int(len(times) * 0.95)][0]
    print(
        f"pages of leaders: p50 {half:.0f} ms, p95 {most:.0f} ms (budget {BUDGET}),"
        f" {len({path for _, path in times})} pages, errors {len(faults)}"
    )
    slowest: dict[str, float] = {}
    for took, path in reversed(times):
        slowest.setdefault(path, took)
    for path, took in list(slowest.items())[:5]:
        print(f"  {took:6.0f} ms  {path}")


def patiently(browser: Browser, path: str) -> Page:
    """A page, asked for again after a while when there were too many: nobody turns pages so fast."""
    page = browser.open(path)
    while page.status == TOO_MANY:
        time.sleep(1)
        page = browser.open(path)
    return page


def signed_in(instance: Instance, role: str) -> Browser:
    """The browser of the first of the demo's staff with a role."""
    member = next(each for each in STAFF if each.role == role)
    browser = Browser(instance.port)
    page = browser.open("/sign-in/staff/")
    browser.press(page.form(having="person"), ("person", member.id))
    return browser


def pages(browser: Browser) -> Iterator[str]:
    """Addresses under /leaders/, in the order they are come to."""
    alike: Counter[str] = Counter()
    known = {"/leaders/"}
    waiting = ["/leaders/"]
    while waiting:
        path = waiting.pop(0)
        yield path
        for link in patiently(browser, path).links("/leaders/"):
            bare = link.partition("?")[0]
            kind = _OWN.sub("*", bare) + ("?" if "?" in link else "")
            if link in known or not link.startswith("/leaders/") or "as=" in link:
                continue
            alike[kind] += 1
            if alike[kind] <= ALIKE:
                known.add(link)
                waiting.append(link)


__all__ = ["leading"]
