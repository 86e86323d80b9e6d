"""What is known about each language, as data: a further language is a further row.

Codes are ISO 639-1. The words are those that newspapers and websites put around an article;
none belongs to any one article.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    `stemmer` is the Snowball algorithm's name, if there is one. `credit` are words that
    introduce a picture's credit, `source` words that introduce where a text was taken from,
    `chrome` words that a website adds below an article, `pleasantries` what a member says
    without asking anything.
    """

    name: str
    stemmer: str | None = None
    credit: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    chrome: tuple[str, ...] = ()
    pleasantries: tuple[str, ...] = ()
    ordinal_dot: bool = False
    """Whether a number with a full stop is an ordinal ("13. Kongress"), not a sentence's end."""


LANGUAGES: dict[str, Language] = {
    "en": Language(
        "English",
        "english",
        credit=("photo", "photos", "image", "picture", "illustration"),
        source=("source", "according to", "via"),
        chrome=("comment", "comments", "share", "print", "advertisement", "read more", "tags"),
        pleasantries=(
            "hello",
            "hi",
            "hey",
            "hi there",
            "hello there",
            "good morning",
            "good afternoon",
            "good evening",
            "thanks",
            "thank you",
            "thank you very much",
            "thanks a lot",
            "thx",
            "cheers",
            "bye",
            "goodbye",
            "how are you",
            "who are you",
            "ok",
            "okay",
            "help",
        ),
    ),
    "de": Language(
        "Deutsch",
        "german",
        credit=("foto", "fotos", "bild", "abbildung"),
        source=("quelle", "laut"),
        chrome=("kommentar", "kommentare", "teilen", "drucken", "anzeige", "weiterlesen"),
        pleasantries=(
            "hallo",
            "guten tag",
            "guten morgen",
            "guten abend",
            "moin",
            "servus",
            "danke",
            "danke schön",
            "dankeschön",
            "vielen dank",
            "tschüss",
            "auf wiedersehen",
            "wie geht es dir",
            "wie gehts",
            "wer bist du",
            "hilfe",
        ),
        ordinal_dot=True,
    ),
    "es": Language(
        "Español",
        "spanish",
        credit=("foto", "fotos", "imagen", "fotografía"),
        source=("fuente", "según"),
        chrome=("comentario", "comentarios", "compartir", "imprimir", "publicidad", "leer más"),
        pleasantries=(
            "hola",
            "buenos días",
            "buenas tardes",
            "buenas noches",
            "buenas",
            "gracias",
            "muchas gracias",
            "adiós",
            "hasta luego",
            "qué tal",
            "cómo estás",
            "quién eres",
            "ayuda",
        ),
    ),
    "vi": Language(
        "Tiếng Việt",
        None,
        credit=("ảnh", "hình"),
        source=("nguồn", "theo"),
        chrome=("bình luận", "chia sẻ", "quảng cáo", "xem thêm"),
        pleasantries=(
            "xin chào",
            "chào",
            "chào bạn",
            "cảm ơn",
            "cám ơn",
            "cảm ơn bạn",
            "tạm biệt",
            "bạn khỏe không",
            "bạn là ai",
            "giúp",
        ),
    ),
    "fr": Language("Français", "french", credit=("photo",), source=("source",)),
    "it": Language("Italiano", "italian", credit=("foto",), source=("fonte",)),
    "pt": Language("Português", "portuguese", credit=("foto",), source=("fonte",)),
    "nl": Language("Nederlands", "dutch", credit=("foto",), source=("bron",)),
    "pl": Language("Polski"),
    "ru": Language("Русский", "russian"),
    "tr": Language("Türkçe", "turkish"),
    "ar": Language("العربية", "arabic"),
    "ja": Language("日本語"),
    "ko": Language("한국어"),
    "th": Language("ไทย"),
    "zh": Language("中文"),
}


def name_of(code: str) -> str:
    """The language's own name, or its code where it is not in the table."""
    return LANGUAGES[code].name if code in LANGUAGES else code


def words(kind: str) -> tuple[str, ...]:
    """All languages' words of one kind (`credit`, `source`, `chrome`, `pleasantries`)."""
    return tuple(sorted({word for one in LANGUAGES.values() for word in getattr(one, kind)}))
