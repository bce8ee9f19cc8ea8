"""Each check of ``make check`` fails where it should."""

from __future__ import annotations

import pytest

from tools import check_docs, check_licences, check_sizes, check_words


def written(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


# ---- sizes -----------------------------------------------------------------------------------


def test_a_file_of_401_lines_is_too_long(tmp_path):
    fits = written(tmp_path, "fits.py", "x = 1\n" * 400)
    long = written(tmp_path, "long.py", "x = 1\n" * 401)
    told = check_sizes.too_long([fits, long])
    assert len(told) == 1
    assert "long.py: 401 lines" in told[0]


def test_migrations_and_data_may_be_longer(tmp_path):
    files = [
        written(tmp_path, "identity/migrations/0001_initial.py", "x = 1\n" * 500),
        written(tmp_path, "words.txt", "word\n" * 500),
    ]
    assert check_sizes.too_long(files) == []


# ---- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "# TO" + "DO: later",
        "x = 1  # FIX" + "ME",
        "lorem" + " ipsum dolor",
        "open('/ro" + "ot/x')",
        "see /ho" + "me/anna/notes",
        "print(f'{pass" + "word=}')",
    ],
)
def test_unfinished_work_and_paths_of_one_machine_are_found(tmp_path, line):
    told = check_words.forbidden([written(tmp_path, "a.py", f"fine\n{line}\n")])
    assert len(told) == 1
    assert "a.py:2" in told[0]


@pytest.mark.parametrize("line", ["a todo list", "https://x.example/home/", "work/life", "routes"])
def test_ordinary_words_are_not(tmp_path, line):
    assert check_words.forbidden([written(tmp_path, "a.md", line)]) == []


# ---- licences --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "accepted"),
    [
        ("MIT", True),
        ("Apache-2.0", True),
        ("LGPL-3.0-only", True),
        ("GNU Lesser General Public License v3 (LGPLv3)", True),
        ("GPL-3.0-or-later", False),
        ("AGPL-3.0", False),
        ("GNU General Public License v2 (GPLv2)", False),
        ("GNU Affero General Public License v3", False),
        ("", False),
    ],
)
def test_licences_that_bind_the_provider_are_refused(stated, accepted):
    assert (check_licences.refused({"library": stated}) == []) is accepted


def test_the_licences_of_all_that_is_installed_are_looked_at():
    found = check_licences.runtime_distributions()
    assert {"django", "psycopg", "cryptography", "cffi"} <= found
    assert "pytest" not in found


# ---- documents -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "See `src/hospes/nowhere.py`.",
        "See `identity/services/nothing.py`.",
        "See `nothing_of_this_name.py`.",
        "Run `make coffee`.",
        "Run `hospes dance`.",
        "Run `hospes serve --faster`.",
        "```sh\nhospes staff delete\n```",
        "```sh\nmake tea\n```",
        "Set `HOSPES_COLOUR_OF_THE_SKY`.",
        "The module `hospes.identity.nothing`.",
        "The number `identity.no_such_number`.",
        "The page `/no/such/page`.",
        "[The manual](nowhere.md)",
        "![A picture](images/nowhere.png)",
    ],
)
def test_a_document_that_names_what_does_not_exist_is_found(tmp_path, text):
    told = check_docs.faults_in(written(tmp_path, "page.md", f"# Page\n\n{text}\n"))
    assert len(told) == 1, told


@pytest.mark.parametrize(
    "text",
    [
        "See `src/hospes/config/settings.py`, `edge/` and `config/cli/serve.py`.",
        "Run `make run`, then `hospes serve --demo --port 8080`.",
        "```sh\nHOSPES_BASE_URL=https://my.provider.example hospes serve  # hospes does it\n```",
        "Run `hospes staff create --email anna@provider.example --name Anna`.",
        "Set `HOSPES_DATA_DIR` and `DATABASE_URL`.",
        "The module `hospes.config.keyfiles`, the function `hospes.config.keyfiles.load`.",
        "The number `identity.password_minimum_length`.",
        "The pages `/sign-in`, `/token` and `/healthz`.",
        "[The file](page.md), [elsewhere](https://hospes.example), [a part](#part)",
        "The file `keys.json` in `/srv/hospes`.",
    ],
)
def test_a_document_that_names_what_exists_passes(tmp_path, text):
    assert check_docs.faults_in(written(tmp_path, "page.md", f"# Page\n\n{text}\n")) == []
