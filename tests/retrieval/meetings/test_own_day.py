"""The line that says when an article was published, and what says nothing of it."""

from __future__ import annotations

import pytest

from .test_told import told


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        (
            "es",
            "MINISTERIO DE AGRICULTURA\n\nSanto Domingo, 9 de abril de 2025.- El ministerio y los "
            "productores llegaron el lunes a un acuerdo sobre el precio.\n",
            "2025-04-07",
        ),
        (
            "vi",
            "Nước mặn vào sâu\n\nCần Thơ, 22/2/2024. Các chuyên gia hôm qua đã hội ý qua điện "
            "thoại gần hai giờ về mực nước xuống thấp.\n",
            "2024-02-21",
        ),
    ],
)
def test_the_line_that_dates_an_article_is_known(language: str, text: str, day: str) -> None:
    assert (day, None) in told(text, language)


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("en", "The pier was opened on 14 June 1898", "On 3 May its friends met in Leeds."),
        ("de", "Die Brücke wurde am 14. Juni 1898 eröffnet", "Am 3. Mai tagte der Verein in Kiel."),
        ("es", "El puente se abrió el 14 de junio de 1898", "El 3 de mayo se reunió la junta."),
        ("vi", "Cầu được khánh thành ngày 14/6/1998", "Ngày 3/5, ban quản trị họp tại Huế."),
    ],
)
def test_what_a_title_tells_gives_no_year(language: str, title: str, text: str) -> None:
    days = {day for day, _ in told(f"# {title}\n\n{text}\n", language)}
    assert not days & {"1898-05-03", "1998-05-03"}
