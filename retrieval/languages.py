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
    without asking anything. `asks_number` and `asks_time` are how a question begins that a number
    or a date would answer, `numbers` the words for numbers with blanks between them, but for "one".
    """

    name: str
    stemmer: str | None = None
    credit: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    chrome: tuple[str, ...] = ()
    pleasantries: tuple[str, ...] = ()
    asks_number: tuple[str, ...] = ()
    asks_time: tuple[str, ...] = ()
    numbers: str = ""
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
        asks_number=(
            "how many",
            "how much",
            "how old",
            "how long",
            "how large",
            "how big",
            "how high",
            "how tall",
            "how far",
            "how often",
            "how fast",
            "what percentage",
            "what number",
            "what age",
            "what amount",
            "what share",
        ),
        asks_time=(
            "when",
            "what year",
            "what date",
            "what day",
            "which year",
            "which day",
            "which date",
            "in what month",
        ),
        numbers=(
            "two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty "
            "seventy eighty ninety hundred thousand million billion dozen half third quarter "
            "both twice"
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
        asks_number=(
            "wie viel",
            "wie viele",
            "wieviel",
            "wieviele",
            "wie alt",
            "wie lange",
            "wie lang",
            "wie hoch",
            "wie groß",
            "wie weit",
            "wie oft",
            "wie schnell",
            "welcher anteil",
            "welche anzahl",
            "welches alter",
            "wie vielen",
        ),
        asks_time=(
            "wann",
            "welches jahr",
            "welchem jahr",
            "welchem tag",
            "welches datum",
            "welchem datum",
            "welchen tag",
            "welchem monat",
        ),
        numbers=(
            "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn "
            "fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreißig vierzig fünfzig "
            "sechzig siebzig achtzig neunzig hundert tausend million millionen milliarde "
            "milliarden dutzend hälfte drittel viertel beide"
        ),
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
        asks_number=(
            "cuánto",
            "cuánta",
            "cuántos",
            "cuántas",
            "qué porcentaje",
            "qué número",
            "qué edad",
            "qué cantidad",
            "qué tamaño",
        ),
        asks_time=(
            "cuándo",
            "qué año",
            "qué fecha",
            "qué día",
            "qué mes",
        ),
        numbers=(
            "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
            "dieciséis diecisiete dieciocho diecinueve veinte treinta cuarenta cincuenta "
            "sesenta setenta ochenta noventa cien ciento mil millón millones docena mitad "
            "tercio cuarto ambos ambas"
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
        asks_number=(
            "bao nhiêu",
            "mấy",
            "bao lâu",
            "bao xa",
            "bao nhiêu tuổi",
            "mấy tuổi",
        ),
        asks_time=(
            "khi nào",
            "lúc nào",
            "bao giờ",
            "năm nào",
            "ngày nào",
            "tháng nào",
            "ngày mấy",
            "hồi nào",
        ),
        numbers=(
            "hai ba bốn năm sáu bảy tám chín mười hai mươi trăm nghìn ngàn triệu tỷ tỉ rưỡi nửa"
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
