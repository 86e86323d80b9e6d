"""Minutes that only the name of their folder or file says to be such."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval import scan
from retrieval.meetings.extract import extract_meetings

NOTES = "Ann reported from the fair. The roof will be mended, Bob sees to it.\n"
NOTIZEN = "Anna berichtet von der Messe. Das Dach wird geflickt, Bernd kümmert sich darum.\n"


def _found(folder: Path, path: str, text: str) -> list[tuple[str, str, str]]:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    (article,) = scan(folder).articles
    return [(one.name, str(one.date), one.status) for one in extract_meetings(article).meetings]


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("minutes/2019-05-03.md", f"# Board\n\n{NOTES}", "Board"),
        ("docs/Protokolle/2015_06_22.md", f"# 2015_06_22\n\n{NOTIZEN}", "Protokolle"),
        ("actas/acta-2018-11-12.txt", "Se aprueba el presupuesto por unanimidad.\n", "presupuesto"),
        ("minutes/2020/EC-2020-11-19.md", f"# Catch-up\n\n{NOTES}", "Catch-up"),
        ("2019-05-04 Protokoll Mitgliederversammlung.md", f"# Verein\n\n{NOTIZEN}", "Verein"),
        ("2019-12-14-minutes.md", f"# Club\n\n{NOTES}", "Club"),
        ("actas/2019-05-03-acta-pleno.md", "# Pleno\n\nSe aprueba el presupuesto.\n", "Pleno"),
        ("Protokolle/2019-05-03-mit-Anlagen.md", f"# Rat\n\n{NOTIZEN}", "Rat"),
        (
            "bien-ban/2021-03-09.txt",
            "Anh Bình nhận sửa mái nhà, chị An lo quỹ lớp năm nay.\n",
            "Anh",
        ),
    ],
)
def test_their_day_is_that_of_the_file(tmp_path: Path, path: str, text: str, name: str) -> None:
    ((found, day, status),) = _found(tmp_path, path, text)
    assert name in found
    assert day.replace("-", "")[2:] in path.replace("-", "").replace("_", "")
    assert status == "held"


@pytest.mark.parametrize(
    "path",
    [
        "_posts/2019-05-03-minutes.md",
        "posts/2014-03-21-29-minutes.md",
        "minutes/2019-05-03-agenda.md",
        "minutes/2019-05-03-tagesordnung.md",
        "minutes/2019-05-03-cancelled.md",
        "30-minutes/2019-05-03.md",
        "2019-05-03-30-minutes.md",
        "Blog/2019-05-03-minutes.md",
        "minutes/template.md",
        "minutes/README-2019-05-03.md",
        "Protokolle/2019-05-03-Anlage-2.md",
        "minutes/attachments/2019-05-03.md",
        "acta-medica/2019-05-03.md",
        "reports/2019-05-03.md",
        "2019-05-04-board-meeting.md",
    ],
)
def test_others_are_none(tmp_path: Path, path: str) -> None:
    assert not _found(tmp_path, path, f"# Board\n\n{NOTES}")


def test_the_day_that_the_text_states_comes_first(tmp_path: Path) -> None:
    text = f"# Minutes of the board meeting of 2 May 2019\n\n{NOTES}"
    ((_, day, _),) = _found(tmp_path, "minutes/2019-05-06.md", text)
    assert day == "2019-05-02"


def test_an_invitation_among_them_is_none(tmp_path: Path) -> None:
    text = f"# Agenda of the board meeting\n\n{NOTES}"
    assert all(status != "held" for *_, status in _found(tmp_path, "minutes/2019-05-03.md", text))
