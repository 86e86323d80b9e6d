"""Texts of which each byte is a character, in the languages that are written in these encodings."""

from __future__ import annotations

import pytest

from retrieval.formats.encodings import decode

from .test_encodings import CZECH, GERMAN, SPANISH

RUSSIAN = "Городской совет вчера утвердил бюджет на следующий год."
ENGLISH_SENTENCE = "The council met in the hall. "


@pytest.mark.parametrize(
    ("text", "codecs"),
    [
        ("Zastupitelstvo včera schválilo rozpočet na příští rok.", "cp1250 iso8859-2 mac-latin2"),
        ("Rada miasta przyjęła wczoraj budżet na przyszły rok.", "cp1250 iso8859-2 cp852"),
        ("A képviselő-testület tegnap elfogadta a jövő évi költségvetést.", "cp1250 iso8859-2"),
        ("Gradsko vijeće jučer je usvojilo proračun za iduću godinu.", "cp1250 iso8859-2"),
        ("Consiliul local a aprobat ieri bugetul pe anul viitor, după o şedinţă.", "cp1250"),
        (
            "Городской совет вчера утвердил бюджет на следующий год.",
            "cp1251 koi8-r iso8859-5 mac-cyrillic cp866",
        ),
        ("Міська рада вчора затвердила бюджет на наступний рік.", "cp1251 koi8-u iso8859-5"),
        ("Общинският съвет вчера прие бюджета за следващата година.", "cp1251 iso8859-5"),
        ("Το δημοτικό συμβούλιο ενέκρινε χθες τον προϋπολογισμό.", "cp1253 iso8859-7"),
        ("Belediye meclisi dün gelecek yılın bütçesini onayladı; kışın iş çok.", "cp1254"),
        ("Miesto taryba vakar patvirtino kitų metų biudžetą ir mokyklų planą.", "cp1257"),
        ("Pilsētas dome vakar apstiprināja nākamā gada budžetu.", "cp1257 iso8859-13"),
        ("מועצת העיר אישרה אתמול את התקציב לשנה הבאה.", "cp1255 iso8859-8"),
        ("وافق مجلس المدينة أمس على ميزانية العام المقبل.", "cp1256 iso8859-6"),
        ("Bæjarstjórnin samþykkti í gær fjárhagsáætlun næsta árs.", "cp1252 latin-1"),
        ("Kommunfullmäktige antog budgeten på måndagen.", "cp1252 mac-roman"),
        ("O conselho aprovou ontem o orçamento da vila.", "cp1252 mac-roman"),
        ("Le conseil a approuvé hier le budget de la ville.", "cp1252 mac-roman"),
        ("Il consiglio ha approvato ieri il bilancio della città.", "cp1252 latin-1"),
        ("De gemeenteraad keurde de begroting van de coöperatie goed.", "cp1252 latin-1"),
        (GERMAN, "cp1252 mac-roman cp850"),
        (SPANISH, "cp1252 mac-roman cp850"),
    ],
)
def test_a_sentence_in_an_encoding_of_its_language_is_read(text: str, codecs: str) -> None:
    for codec in codecs.split():
        assert decode(text.encode(codec))[0] == text, codec


def test_english_before_and_behind_does_not_hide_the_language_of_a_text() -> None:
    for text, codec in ((RUSSIAN, "koi8-r"), (CZECH, "iso8859-2")):
        whole = ENGLISH_SENTENCE * 40 + text + ENGLISH_SENTENCE * 40
        assert decode(whole.encode(codec))[0] == whole


@pytest.mark.parametrize(
    ("text", "codecs"),
    [
        ("Der Eintritt kostet 3 € für alle.", "cp1252 iso8859-15"),
        ("All prices are in € and include the lunch.", "cp1252 iso8859-15"),
        ("Le prix est de 20 € par personne.", "cp1252 iso8859-15"),
        ("See § 4 of the act.", "cp1252 iso8859-15"),
        ("Wait… what was that?", "cp1252 mac-roman"),
    ],
)
def test_a_sign_by_itself_tells_an_encoding(text: str, codecs: str) -> None:
    for codec in codecs.split():
        assert decode(text.encode(codec))[0] == text, codec


@pytest.mark.parametrize(
    "text",
    [
        # A fraction is read as a quotation mark, a first letter as a low one.
        "The walk is 4½ miles, the second one 3½ miles.",
        "The \xe9lite of the village met in the hall.",
        # The sign of an ordinal is read as a capital, alone or behind another one.
        "Am Samstag wird es bis zu 27 ºC in größeren Städten.",
        "La reunión se celebró según la Ley Nº 149, artículo 1º, en el salón.",
        "Das Haus Nº 12 ist verkauft.",
        "The club was there l'été before last, says the mayor.",
    ],
)
@pytest.mark.parametrize("codec", ["cp850", "cp437", "cp1252", "mac-roman"])
def test_a_sign_is_not_taken_for_another(text: str, codec: str) -> None:
    data = text.encode(codec, "replace")
    try:
        read, _ = decode(data)
    except ValueError:
        return
    assert read == data.decode(codec) or "\ufffd" in read


def test_what_dos_wrote_in_the_baltic_countries_is_read() -> None:
    text = "Miesto taryba vakar patvirtino kitų metų biudžetą ir mokyklų planą."
    assert decode(text.encode("cp775")) == (text, "DOS 775")


@pytest.mark.parametrize("text", ["The café is open.", "Ein Café am Markt.", "El café de Álora."])
@pytest.mark.parametrize("codec", ["cp850", "cp437", "cp852"])
def test_a_letter_is_not_read_as_a_low_quotation_mark(text: str, codec: str) -> None:
    data = text.encode(codec, "replace")
    try:
        assert "‚" not in decode(data)[0]
    except ValueError:
        return


def test_names_of_encodings() -> None:
    assert decode(CZECH.encode("cp1250"))[1] == "Windows-1250"
    assert decode(RUSSIAN.encode("koi8-r"))[1] == "KOI8-R"
    assert decode(GERMAN.encode("mac-roman"))[1] == "Mac Roman"
    assert decode((GERMAN * 2).encode("cp850"))[1] == "DOS 437"


@pytest.mark.parametrize("name", ["Łódź", "Škoda", "Gyõr", "Dvořák"])
@pytest.mark.parametrize("codec", ["cp1250", "iso8859-2", "cp1257", "iso8859-4"])
def test_a_foreign_name_alone_is_never_garbled(name: str, codec: str) -> None:
    text = f"The committee met on Friday, and {name} was there as well."
    try:
        data = text.encode(codec)
        assert decode(data)[0] == text
    except ValueError:
        return
