"""The file `feeds.toml`: what is written there, and what is said of entries that are broken."""

from __future__ import annotations

import pytest

from retrieval import FetchError
from retrieval.feeds.entries import add_entry, read_entries

from .sources import Followed


def test_entries_are_written_once_and_faults_are_named(followed: Followed) -> None:
    first = add_entry(followed.seeds, "https://news.example/feed")
    again = add_entry(followed.seeds, "https://news.example/feed")
    second = add_entry(followed.seeds, "https://news.example/other")
    third = add_entry(followed.seeds, None, ("https://a.example/1", "https://a.example/2"), "Ämter")
    long = [add_entry(followed.seeds, f"https://a.example/{n}", name="a" * 60) for n in (3, 4)]
    assert (first.name, second.name, third.name) == ("news-example", "news-example-2", "amter")
    assert first == again
    assert read_entries(followed.seeds) == ([first, second, third, *long], [])
    with pytest.raises(FetchError, match="not an https address"):
        add_entry(followed.seeds, "http://news.example/")
    with pytest.raises(FetchError, match="not an https address"):
        add_entry(followed.seeds, "")
    with pytest.raises(FetchError, match="not an https address"):
        add_entry(followed.seeds, None, ("https://a.example/3", "http://a.example/4"))
    followed.follow(
        '[a]\nurl = "https://a.example/"\nminutes = 1\n[b]\n[c]\nurl = "x"\nadresses = []\n'
        '[d]\nurl = "https://d.example/"\nwithdrawn = "burn"\n["../e"]\nurl = "https://e.example"\n'
    )
    entries, faults = read_entries(followed.seeds)
    assert entries == []
    assert len(faults) == 5
    assert all(fault.startswith("feeds.toml, ") for fault in faults)
    followed.follow('[a]\nurl = "https://a.example/"\nminutes = "often"\n')
    assert read_entries(followed.seeds)[1] == ["feeds.toml, a: minutes are a number of at least 5."]


def test_an_entry_of_which_a_line_cannot_be_read_is_not_followed_meanwhile(
    followed: Followed,
) -> None:
    names = ("a", "b", "c")
    entries = [f'[{name}]\nurl = "https://example.org/{name}"\n' for name in names]
    followed.follow("\n".join([entries[0], entries[1] + "withdrawn = keep\n", entries[2]]))
    read, faults = read_entries(followed.seeds)
    assert [entry.name for entry in read] == ["a", "c"]
    assert faults == ["feeds.toml: line 6 cannot be read."]


@pytest.mark.parametrize("there", ["minutes = 1", "minutes = = 1", 'url = "broken'])
def test_a_new_entry_has_no_name_of_one_that_cannot_be_read(followed: Followed, there: str) -> None:
    followed.follow(f"[news-example]\n{there}\n")
    faults = read_entries(followed.seeds)[1]
    entry = add_entry(followed.seeds, "https://news.example/feed")
    assert entry.name == "news-example-2"
    assert read_entries(followed.seeds) == ([entry], faults)


def test_addresses_that_are_no_list_are_named(followed: Followed) -> None:
    followed.follow('[a]\naddresses = "https://a.example/1"\n')
    assert read_entries(followed.seeds) == ([], ["feeds.toml, a: addresses are a list."])
