"""The pages: templates filled with what is to be shown, in the visitor's language."""

from __future__ import annotations

import hashlib
import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from retrieval import Quote, Source, language_name

from ..i18n.phrases import LANGUAGES, Phrases, domain, ellipses, phrases_in
from ..ui.links import MARK, article_page, quote_page
from ..ui.message import link_address
from ..ui.text import clean, shorten

MAX_TITLE = 300

STATIC = {
    "style.css": "text/css",
    "copy.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
"""The files beside the pages, with their kinds."""

_PREFERENCE = re.compile(
    r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]*)?))?\s*"
)


def render(request: web.Request, name: str, status: int = 200, **values: Any) -> web.Response:
    """A page. Templates escape whatever they are given."""
    language = language_of(request)
    return _response(_filled(name, language, _root(request), **values), status, language)


def problem(request: web.Request, status: int, said: str, reference: str | None) -> web.Response:
    """A page that says what is wrong. Made once: who asks too much gets it hundreds of times."""
    language = language_of(request)
    text = _filled_once("problem.html", language, _root(request), said=said, reference=reference)
    return _response(text, status, language)


def _root(request: web.Request) -> str:
    # Relative, so that it is right behind a proxy that publishes the reader below a path.
    return "../" * (request.rel_url.raw_path.count("/") - 1) or "./"


def _filled(name: str, language: str, root: str, **values: Any) -> str:
    return (
        _environment()
        .get_template(name)
        .render(
            root=root,
            language=language,
            phrases=phrases_in(language),
            own=_own(language),
            static={name: f"{root}static/{version(name)}" for name in STATIC},
            **values,
        )
    )


_filled_once = lru_cache(maxsize=100)(_filled)


def _response(text: str, status: int, language: str) -> web.Response:
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)


def language_of(request: web.Request) -> str:
    """The language among LANGUAGES that a browser likes best; else English."""
    given = ",".join(request.headers.getall("Accept-Language", []))[:500]
    liked: dict[str, float] = {}
    for one in given.split(","):
        if match := _PREFERENCE.fullmatch(one):
            liked.setdefault(match[1].lower(), float(match[2] or 1))
    return max(
        (code for code in liked if code in LANGUAGES and liked[code]),
        key=lambda code: liked[code],
        default="en",
    )


def speaking(request: web.Request) -> tuple[Phrases, Phrases]:
    """What all faces say, and what the reader alone says, in the visitor's language."""
    language = language_of(request)
    return phrases_in(language), _own(language)


@cache
def content(name: str) -> bytes:
    """A file of STATIC."""
    return files(__package__).joinpath("static", name).read_bytes()


@cache
def version(name: str) -> str:
    """A file's name with its hash, under which a browser may keep it for ever."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(content(name)).hexdigest()[:12]}.{suffix}"


@cache
def _own(language: str) -> Phrases:
    said = files("bot.i18n").joinpath(f"{language}.toml").read_text("utf-8")
    return Phrases(tomllib.loads(said)["reader"])


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "clean": clean,
        "line": lambda text: shorten(text or "", MAX_TITLE),
        "link": link_address,
        "domain": domain,
        "language_name": language_name,
        "title": title,
        "marked": marked,
    }
    made.globals |= {
        "article_page": article_page,
        "quote_page": quote_page,
        "MARK": MARK,
    }
    return made


def title(one: Source | Quote) -> str:
    """An article's title on one line; the file's name where it has no visible character."""
    path = one.path if isinstance(one, Source) else one.article
    return shorten(one.title, MAX_TITLE) or shorten(path, MAX_TITLE)


def marked(quote: Quote) -> dict[str, str]:
    """A quote in three: before the sentence that answers, that sentence, and after it."""
    first, last = (offset - quote.start for offset in quote.answer)
    whole = quote.text[first:last].strip() == quote.text.strip()
    opened, closed = ellipses(quote.text)
    return {
        "opened": opened,
        "before": clean(quote.text[:first]),
        "sentence": clean(quote.text[first:last]),
        "after": clean(quote.text[last:]),
        "closed": closed,
        "strong": "" if whole else "strong",
    }
