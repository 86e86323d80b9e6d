"""The kept table of n-grams, beside the model that it was taken from."""

# ruff: noqa: E501 (texts)
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from retrieval.articles.metadata import of_bytes
from retrieval.evaluation.gold import read_gold
from retrieval.languages import languages
from retrieval.languages.detection import SAMPLE, NgramTable, detect, question_language
from tests.conftest import ROOT, SEEDS


@pytest.fixture(scope="module")
def original() -> LanguageIdentifier:
    """The whole model, held to our languages."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(languages()))
    return identifier


def test_each_language_is_in_the_table() -> None:
    assert set(NgramTable.load().codes) >= set(languages())


def test_articles_and_questions_are_in_the_same_language(original: LanguageIdentifier) -> None:
    texts = [file.read_text("utf-8") for file in SEEDS.glob("*.txt")]
    texts += [line for text in texts for line in text.splitlines()]
    files = (ROOT / "tests" / "data").glob("*questions.jsonl")
    texts += [gold.question for file in files for gold in read_gold(file)]
    assert len(texts) > 100
    for text in texts:
        assert detect(text) == original.classify(text[:SAMPLE])[0], text


@given(text=st.text(st.characters(), max_size=60))
def test_so_is_any_text(original: LanguageIdentifier, text: str) -> None:
    assert detect(text) == original.classify(text)[0]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Who was elected?", "en"),
        ("WER WURDE GEWÄHLT?", "de"),
        ("¿Quién fue elegido?", "es"),
        ("Ai được bầu làm tổng bí thư?", "vi"),
        ("谁当选了?", "zh"),
        ("เมื่อไหร่", "th"),
    ],
)
def test_short_questions(text: str, language: str) -> None:
    assert detect(text) == language


LONG = {
    "cs": "Zastupitelstvo města schválilo stavbu nové základní školy. Starostka uvedla, že škola bude "
    "stát sto osmdesát milionů korun a učit se v ní začne v září příštího roku.",
    "uk": "Міська рада вчора затвердила будівництво нового мосту через річку. Мер повідомила, що міст "
    "обійдеться у сто вісімдесят мільйонів гривень і відкриється навесні.",
    "sv": "Kommunfullmäktige beslutade i går att bygga en ny grundskola. Borgmästaren sade att skolan "
    "kommer att kosta hundraåttio miljoner kronor och öppna nästa höst.",
    "el": "Το δημοτικό συμβούλιο ενέκρινε χθες την κατασκευή νέου σχολείου. Η δήμαρχος δήλωσε ότι το "
    "σχολείο θα κοστίσει εκατόν ογδόντα εκατομμύρια ευρώ και θα ανοίξει του χρόνου.",
}


SCRIPTS = {
    "ta": "தமிழ்நாடு அரசு புதிய பாடத்திட்டத்தை அறிவித்துள்ளது.",
    "ka": "თბილისში ახალი ბიბლიოთეკა გაიხსნა.",
    "am": "በአዲስ አበባ አዲስ ሆስፒታል ተከፈተ።",
    "km": "រាជធានីភ្នំពេញបានបើកបណ្ណាល័យថ្មីមួយ។",
    "hy": "Երևանում բացվել է նոր գրադարան։ Նախարարն ասել է, որ UNESCO-ն ուրախ է։",
}


@pytest.mark.parametrize("code", SCRIPTS)
def test_a_script_that_none_of_the_table_has_tells_the_language(code: str) -> None:
    for text in (SCRIPTS[code], SCRIPTS[code] * 9):
        assert detect(text, any_language=True) == code
    german = f"Über der Tür steht {SCRIPTS[code][:8]}, was kaum jemand im Dorf lesen kann."
    assert detect(german, any_language=True) == "de"


@pytest.mark.parametrize("code", LONG)
def test_a_long_text_may_be_in_a_language_without_a_file(code: str) -> None:
    assert detect(LONG[code], any_language=True) == code
    assert detect(LONG[code]) in languages()
    assert of_bytes(LONG[code].encode(), "a.txt").source.language == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Zastupitelstvo obce se sešlo ve středu v kulturním domě.", "cs"),
        ("A képviselő-testület elfogadta a költségvetést.", "hu"),
        ("Kommunfullmäktige beslutade i går att bygga en ny skola.", "sv"),
        ("Valtuusto hyväksyi talousarvion eilen illalla.", "fi"),
        ("Consiliul local a aprobat ieri bugetul pe anul viitor.", "ro"),
    ],
)
def test_a_short_text_may_be_in_one_where_it_is_sure(text: str, code: str) -> None:
    assert detect(text, any_language=True) == code


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("מתי נסגרת הבריכה העירונית?", "he"),
        ("استخر شهر چه زمانی بسته می‌شود؟", "fa"),
        ("Πότε κλείνει η πισίνα;", "el"),
        ("Коли зачиняється міський басейн?", "uk"),
        ("तालाब कब बंद होता है?", "hi"),
        ("Када се затвара базен за љубитеље пливања?", "sr"),
        ("متى يغلق المسبح البلدي؟", "ar"),
        ("Когда закрывается бассейн?", "ru"),
        ("Wann schließt das Bad „Ἄλφα“ in der Stadt?", "de"),
        ("Meeting of the Ελληνική Κοινότητα Μονάχου on 5 May at 7 pm.", "en"),
        ("Die Ελληνική Κοινότητα Μονάχου lädt am 5. Mai ein.", "de"),
        ("Shabbat שבת שלום at the synagogue of the town", "en"),
        ("The Їжак club of the town met on Monday at the harbour.", "en"),
    ],
)
def test_a_short_text_may_be_in_a_language_that_its_letters_tell(
    question: str, language: str
) -> None:
    assert question_language(question)[0] == language
    assert of_bytes(f"{question[:-1]}.".encode(), "a.txt").source.language == language
