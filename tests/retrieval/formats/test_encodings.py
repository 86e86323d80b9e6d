"""Which encoding a text is in, and when nobody can say."""

from __future__ import annotations

import random
import unicodedata

import pytest

from retrieval.formats.encodings import decode
from retrieval.formats.file_text import read

GERMAN = "Der Rat beschloß gestern den Haushalt für das nächste Jahr; die Gäste hörten zu."
ENGLISH = "The council’s leader said “we cannot pay” – and left the café."
SPANISH = "El alcalde recibió a los jóvenes en el salón, y la reunión terminó mañana."
EURO = "Die Bücherei kostet 3 € für jedes Kind, und die Gäste zahlen 5 €."
CZECH = "Zastupitelstvo včera schválilo rozpočet na příští rok a nový most přes řeku."
POLISH = "Rada miasta przyjęła wczoraj budżet na przyszły rok, a także plan budowy szkoły."
GREEK = "Το δημοτικό συμβούλιο ενέκρινε χθες τον προϋπολογισμό του επόμενου έτους."
VIETNAMESE = "Hội đồng thành phố đã họp vào tối thứ Ba và thông qua ngân sách cho năm tới."
TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """Tones apart from their vowels, as that encoding has them."""
    found = ""
    for char in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", char)
        tones = "".join(part for part in parts if part in TONES)
        plain = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        found += plain + tones
    return found.encode("cp1258")


@pytest.mark.parametrize("text", [GERMAN, VIETNAMESE, "", "\ufeff" + GERMAN, "a\x01b"])
def test_utf_8_is_taken_to_the_character(text: str) -> None:
    assert decode(text.encode()) == (text, None)


@pytest.mark.parametrize(
    ("data", "text", "name"),
    [
        (GERMAN.encode("latin-1"), GERMAN, "Windows-1252"),
        (SPANISH.encode("cp1252"), SPANISH, "Windows-1252"),
        (ENGLISH.encode("cp1252"), ENGLISH, "Windows-1252"),
        (EURO.encode("iso8859-15"), EURO, "ISO-8859-15"),
        (windows_1258(VIETNAMESE), VIETNAMESE, "Windows-1258"),
        (VIETNAMESE.encode("utf-16"), VIETNAMESE, "UTF-16"),
        (b"\xfe\xff" + GERMAN.encode("utf-16-be"), GERMAN, "UTF-16"),
        (GERMAN.encode("utf-16-le"), GERMAN, "UTF-16"),
        (GERMAN.encode("utf-16-be"), GERMAN, "UTF-16"),
        (GERMAN.encode("utf-32"), GERMAN, "UTF-32"),
    ],
)
def test_other_encodings(data: bytes, text: str, name: str) -> None:
    assert decode(data) == (text, name)


CHINESE = "北山市议会昨天在市政厅开会，通过了明年的预算。议员们要求为学校和图书馆拨出更多的钱。"
TAIWANESE = "北山市議會昨天在市政廳開會，通過了明年的預算。議員們要求為學校和圖書館撥出更多的錢。"
JAPANESE = (
    "北山市議会は昨日、市役所で会議を開き、来年の予算を承認した。学校と図書館の費用が増える。"
)
KOREAN = "북산시 의회는 어제 시청에서 회의를 열고 내년 예산을 승인했다. 학교에 쓸 돈이 늘어난다."


@pytest.mark.parametrize("markup", [False, True])
@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (CHINESE, "gb18030", "GB18030"),
        (CHINESE, "gb2312", "GB18030"),
        (TAIWANESE, "big5", "Big5"),
        (JAPANESE, "shift_jis", "Shift-JIS"),
        (JAPANESE, "euc_jp", "EUC-JP"),
        (KOREAN, "euc_kr", "EUC-KR"),
        (KOREAN, "cp949", "EUC-KR"),
    ],
)
def test_texts_in_letters_of_two_bytes(text: str, codec: str, name: str, markup: bool) -> None:
    article = f"<p>{text}</p>\n" if markup else f"{text}\n\nEU 2024: {text}\n"
    assert decode(article.encode(codec), markup=markup) == (article, name)


@pytest.mark.parametrize("text", [GERMAN, SPANISH, EURO, CHINESE, TAIWANESE, JAPANESE, KOREAN])
@pytest.mark.parametrize(
    "codec",
    ["cp1252", "cp1250", "cp1251", "mac-roman", "cp850", "gb18030", "big5", "cp932", "euc_jp",
     "cp949", "big5hkscs", "johab", "iso2022_jp", "utf-7"],
)  # fmt: skip
def test_a_text_is_what_it_was_or_refused(text: str, codec: str) -> None:
    try:
        data = (text * 3).encode(codec)
        read_back, _ = decode(data)
    except (UnicodeEncodeError, ValueError):
        return
    assert read_back == text * 3 or data.isascii()


@pytest.mark.parametrize(
    "data",
    [
        "市议会昨天通过了明年的预算。".encode("gb18030"),
        KOREAN.encode("gb18030"),
        GERMAN.encode("cp037"),
        "Ő".encode("cp1250"),
        random.Random(1).randbytes(3000).replace(b"\0", b""),
        random.Random(2).randbytes(3000),
        b"PK\x03\x04\x00\x00",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xfe\x00\xd8",
    ],
)
def test_what_would_be_a_guess_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="it is not text"):
        decode(data)


def test_what_is_declared_is_believed_where_it_can_be() -> None:
    russian = "Городской совет вчера утвердил бюджет."
    assert decode(russian.encode("cp1251"), "windows-1251") == (russian, "windows-1251")
    assert decode(GERMAN.encode(), "iso-8859-1") == (GERMAN, None)
    assert decode(ENGLISH.encode("cp1252"), "ISO-8859-1") == (ENGLISH, "ISO-8859-1")
    assert decode(GERMAN.encode("cp1252"), "no-such") == (GERMAN, "Windows-1252")
    assert decode(GERMAN.encode("cp1252"), "rot13") == (GERMAN, "Windows-1252")


@pytest.mark.parametrize("text", [GERMAN * 3, SPANISH * 3, VIETNAMESE, "Городской совет решил."])
@pytest.mark.parametrize("stray", [b"\xe9", b"\x96", b"\xff", b"\xc3"])
def test_a_stray_byte_is_marked_where_it_stands(text: str, stray: bytes) -> None:
    data = f"{text}\n\n".encode() + b"Caf" + stray + b" open.\n" + text.encode()
    found, name = decode(data)
    assert found == f"{text}\n\nCaf\ufffd open.\n{text}"
    assert name == "UTF-8 with damaged characters, marked � (line 3)"


@pytest.mark.parametrize("word", ["Lê", "Käthe", "niño", "“so”"])
def test_a_damaged_byte_is_marked_where_few_letters_are_of_several_bytes(word: str) -> None:
    text = f"The committee met on 3 May 2024, and {word} was there.\n\nThe "
    found, name = decode(text.encode() + b"\xe9nd.")
    assert found == f"{text}\ufffdnd."
    assert name == "UTF-8 with damaged characters, marked \ufffd (line 3)"


@pytest.mark.parametrize("stray", [b"\xe9", b"\x96", b"\xa4"])
@pytest.mark.parametrize(
    "text",
    [
        "The council met in the hall. ",
        "De raad kwam in de zaal bijeen. ",
        "Il consiglio ha approvato il bilancio. ",
    ],
)
def test_a_byte_that_may_be_anything_does_not_cost_a_whole_text_of_ascii(
    text: str, stray: bytes
) -> None:
    found, name = decode(text.encode() * 5 + b"\n\nX" + stray + b"d.")
    assert found == text * 5 + "\n\nX\ufffdd."
    assert name == "UTF-8 with damaged characters, marked \ufffd (line 3)"


def test_many_damaged_lines_are_named_by_the_first() -> None:
    found, name = decode(b"\n".join(VIETNAMESE.encode() + b"\xff" for _ in range(9)))
    assert found.count("\ufffd") == 9
    assert name is not None
    assert name.endswith("(lines 1, 2, 3 …)")


def test_what_ends_a_file_of_dos_is_none_of_its_text() -> None:
    text = "Der Rat tagte über die Brücke, und die Bürger hörten ihm zu. " * 4
    assert decode(text.encode("cp850") + b"\x1a")[0] == text


@pytest.mark.parametrize("codec", ["cp1252", "latin-1"])
def test_a_file_in_two_encodings_is_refused(codec: str) -> None:
    half = "Die Gäste hörten zu, und der Rat beschloß für das Jahr."
    with pytest.raises(ValueError, match="several encodings at once"):
        decode(half.encode() + b"\n" + half.encode(codec))


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (GERMAN, "cp1252"),
        (SPANISH, "latin-1"),
        ("Zastupitelstvo včera schválilo rozpočet na příští rok.", "cp1252"),
        (VIETNAMESE, "cp1252"),
        ("Городской совет вчера утвердил бюджет.", "cp1251"),
        ("市议会昨天通过了明年的预算。", "cp1252"),
        (ENGLISH, "mac-roman"),
    ],
)
def test_what_was_encoded_twice_is_repaired(text: str, codec: str) -> None:
    def character(byte: int) -> str:
        try:
            return bytes([byte]).decode(codec)
        except UnicodeDecodeError:
            return chr(byte)  # As browsers do.

    def again(text: str) -> str:
        return "".join(map(character, text.encode()))

    assert decode(again(text).encode()) == (text, "UTF-8 that was encoded twice")
    assert decode(again(again(text)).encode()) == (text, "UTF-8 that was encoded twice")
    other = "Größe und Übermut der Gäste, die später kamen und früher gingen.\n"
    partly = decode((other + again(text)).encode())
    assert partly[0] in (other + text, other + again(text))
    if codec in ("cp1252", "cp1251") and text is not ENGLISH:
        assert partly[0] == other + text


@pytest.mark.parametrize(
    "text",
    [
        "XÃ” HỘI ĐỒNG NHÂN DÂN HỌP TẠI TRỤ SỞ",
        "MINHA IRMÃ… DISSE ELA, E NÃO VOLTOU.",
        "«CAFÉ» fermé",
        "Сільрада й «Світ» у місті",
        "Å“ and Ã¼ are what UTF-8 looks like in a naïve reader’s café.",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert decode(text.encode()) == (text, None)


def page(charset: str, head: str = "", text: str = "") -> bytes:
    return f"<html><head>{head}<title>News</title></head><body><p>{text}</p></body>".encode(charset)


@pytest.mark.parametrize(
    ("charset", "head", "text"),
    [
        ("windows-1250", f"<!--{'x' * 5000}--><meta charset=windows-1250>", CZECH),
        (
            "iso-8859-2",
            f"<script>{'y' * 9000}</script>"
            '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">',
            POLISH,
        ),
        ("windows-1253", '<!-- <meta charset="utf-8"> --><META CHARSET="windows-1253">', GREEK),
    ],
)
def test_a_page_is_read_as_it_declares(charset: str, head: str, text: str) -> None:
    found = read(page(charset, head, text), ".html")
    assert text in found.text
    assert found.encoding == charset


@pytest.mark.parametrize(
    ("charset", "text"), [("windows-1253", GREEK), ("koi8-r", "Совет утвердил новый бюджет.")]
)
def test_a_page_is_read_as_its_xml_declares(charset: str, text: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{charset}"?>'.encode()
    assert text in read(declaration + page(charset, text=text), ".xhtml").text


@pytest.mark.parametrize(
    ("charset", "text"), [("cp1250", CZECH), ("cp1251", "Совет утвердил."), ("cp1253", GREEK)]
)
def test_a_page_without_a_charset_is_judged_without_its_tags(charset: str, text: str) -> None:
    links = '<div class="news" id="main"><a href="/home">.</a></div>' * 30
    assert text in read(page(charset, links, text), ".html").text


def test_a_page_that_says_what_it_cannot_be() -> None:
    found = read(page("cp1252", '<meta charset="utf-16">', GERMAN), ".html")
    assert GERMAN in found.text


@pytest.mark.parametrize("mark", ["’", "–", "…"])
def test_a_text_whose_quotation_marks_alone_were_encoded_twice_is_repaired(mark: str) -> None:
    text = f"The committee{mark}s report was read. The council{mark}s answer came on Friday."
    found, encoding = decode(text.encode().decode("cp1252").encode())
    assert (found, encoding) == (text, "UTF-8 that was encoded twice")
