"""Rendering the templates, in the visitor's language."""

from __future__ import annotations

import hashlib
import re
from functools import cache, lru_cache, partial
from importlib.resources import files
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from retrieval import Quote, language_name, shown_head, shown_parts

from ..i18n.phrases import LANGUAGES, Phrases, domain, ellipses, phrases_in
from ..meetings.facts import map_address, notes, section, shown_name
from ..ui.links import CORPUS_PAGE, MARK, article_page, fingerprint, link_address, quote_page
from ..ui.text import clean, shorten, title_of

MAX_TITLE = 300

STATIC = {"style.css": "text/css", "copy.js": "text/javascript", "icon.svg": "image/svg+xml"}
"""The static files, with their content types."""

MAX_DEPTH = 8
"""The most folders in the address of a page: no page is so deep, and none that is not there grows
with its address."""


def render(request: web.Request, name: str, status: int = 200, **values: Any) -> web.Response:
    """Render a template as a response. The templates escape every value."""
    language = visitor_language(request)
    # A client over its limit gets the same problem hundreds of times.
    fill = _filled_once if name == "problem.html" else _filled
    return web.Response(
        text=fill(name, language, _root(request), **values),
        status=status,
        content_type="text/html",
        headers={"Content-Language": language, "Vary": "Accept-Language"},
    )


def _root(request: web.Request) -> str:
    # Relative, so that it is right behind a proxy that publishes the reader below a path.
    path = request.rel_url.raw_path
    # Each corpus but the main one has its own root.
    depth = path.count("/") - (3 if path.startswith(f"/{CORPUS_PAGE}") else 1)
    return "../" * min(depth, MAX_DEPTH) or "./"


def _filled(name: str, language: str, root: str, **values: Any) -> str:
    return (
        _environment()
        .get_template(name)
        .render(
            root=root,
            language=language,
            phrases=phrases_in(language),
            page_phrases=phrases_in(language).table("reader"),
            static={name: f"{root}static/{hashed_name(name)}" for name in STATIC},
            **values,
        )
    )


_filled_once = lru_cache(maxsize=100)(_filled)


def visitor_language(request: web.Request) -> str:
    """The first language of LANGUAGES that the browser names; else English. Browsers name them in
    the order of preference."""
    header = request.headers.get("Accept-Language", "")[:500]
    codes = (re.split("[-;]", each.strip())[0].lower() for each in header.split(","))
    return next((code for code in codes if code in LANGUAGES), "en")


def speaking(request: web.Request) -> Phrases:
    """The phrases in the visitor's language; those of the pages alone are its table "reader"."""
    return phrases_in(visitor_language(request))


@cache
def content(name: str) -> bytes:
    """The bytes of a static file."""
    return files(__package__).joinpath("static", name).read_bytes()


@cache
def hashed_name(name: str) -> str:
    """The name of a static file with its hash, so that a browser may cache it for ever."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(content(name)).hexdigest()[:12]}.{suffix}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clean": clean,
        "line": lambda text: shorten(text or "", MAX_TITLE),
        "link": link_address,
        "domain": domain,
        "fingerprint": fingerprint,
        "language_name": language_name,
        "title": partial(title_of, limit=MAX_TITLE),
        "marked": marked,
    }
    environment.globals |= {
        "MARK": MARK,
        "article_page": article_page,
        "quote_page": quote_page,
        "section": section,
        "notes": notes,
        "shown_name": shown_name,
        "map_address": map_address,
    }
    return environment


def marked(quote: Quote) -> dict[str, str]:
    """The words before the answering sentence of a quote, the sentence, and the words after it."""
    before, sentence, after = map(clean, shown_parts(quote))
    all_answers = not (before + after).strip()
    opened, closed = ellipses(quote.text)
    return {
        "opened": clean(shown_head(quote)) + opened,
        "before": before,
        "sentence": sentence,
        "after": after,
        "closed": closed,
        "strong": "" if all_answers else "strong",
    }
