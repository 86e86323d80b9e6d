"""Following 1,000 articles of eight hosts on this machine: `python -m bench.followed_sources`.

A web server answers for all hosts, by https; each has a feed of 125 articles. Clock and pauses are
the real ones. Prints as JSON how long a look takes and what it brings, and the shortest time
between two requests to a host, as the server sees them.
"""

from __future__ import annotations

import itertools
import json
import tempfile
from collections import defaultdict
from ipaddress import ip_address
from pathlib import Path
from time import monotonic, process_time
from typing import Any
from unittest import mock

from retrieval import feed_reports, follow_feeds
from retrieval.articles import https
from tests.retrieval.feeds.sources import RSS, article
from tests.retrieval.website import Answer, Website, page

HOSTS = [f"h{number}.localhost" for number in range(8)]
ARTICLES = 125
"""Articles of a host."""

asked = defaultdict[str, list[float]](list)
"""When each host was asked, in seconds."""


class Pages(dict[str, Answer]):
    """What the hosts serve, by path."""

    def get(self, path: str, default: Answer) -> Answer:  # type: ignore[override]
        """Return what answers for the host that is asked."""

        def answer(request: Any) -> None:
            host = request.headers["Host"]
            asked[host].append(monotonic())
            if path == "/feed":
                links = (f"https://{host}/{number}" for number in range(ARTICLES))
                items = "".join(
                    f"<item><title>t</title><link>{link}</link></item>" for link in links
                )
                reply = page(f'<rss version="2.0"><channel>{items}</channel></rss>', RSS)
            else:
                reply = default if path == "/robots.txt" else page(article(host[:2] + path[1:]))
            reply(request)

        return answer


def main() -> None:
    """Follow them, and print the figures."""
    here = [ip_address("127.0.0.1")]
    looked_up = mock.patch.object(https, "_looked_up", return_value=here)
    with looked_up, Website(*HOSTS).open() as site, tempfile.TemporaryDirectory() as work:
        site.pages = Pages()
        seeds, data = Path(work) / "seeds", Path(work) / "data"
        seeds.mkdir()
        entries = (f'[{host[:2]}]\nurl = "https://{host}:{site.port}/feed"\n' for host in HOSTS)
        (seeds / "feeds.toml").write_text("".join(entries), "utf-8")
        began, used = monotonic(), process_time()
        follow_feeds(seeds, data, way=site.way(20.0))
        seconds, used = monotonic() - began, process_time() - used
        reports, _ = feed_reports(seeds, data)
    pauses = (b - a for times in asked.values() for a, b in itertools.pairwise(times))
    figures = {
        "articles": sum(report.articles for report in reports),
        "failed": sum(len(report.failed) for report in reports),
        "seconds": round(seconds, 1),
        "of the processor": round(used, 1),
        "shortest pause": round(min(pauses), 3),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
