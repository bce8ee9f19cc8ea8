"""Reading lists of people: pasted lines, or a CSV file as spreadsheets save it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_DELIMITERS = ";\t,"
_MANY = re.compile(r"[|;,\n]")
# ``Anna Keller <a@b.example>``, also with the name in quotes, several on a line.
_NAMED = re.compile(r'\s*(?:"([^"]*)"|([^<>"]*?))\s*<([^<>]*)>\s*[;,]?')
LONGEST_CELL = 1000

# What people call the columns, in five languages, folded.
_HEADERS: Final[Mapping[str, str]] = {
    name: column
    for column, known in {
        "email": "email,mail,emailaddress,mailaddress,adresseemail,adressemail,courriel,"
        "adresseelectronique,emailadresse,mailadresse,indirizzoemail,indirizzomail,"
        "postaelettronica,correo,correoelectronico,direcciondecorreo,direcciondecorreoelectronico,"
        "direccionemail",
        "first_name": "firstname,givenname,first,prenom,vorname,nome,nombre,nombredepila",
        "last_name": "lastname,surname,familyname,last,nom,nomdefamille,nachname,familienname,"
        "cognome,apellido,apellidos",
        "full_name": "name,fullname,nomcomplet,vollstandigername,nomecompleto,nombrecompleto,"
        "vorundnachname,nometcognome,prenometnom,nombreyapellidos",
        "language": "language,lang,locale,langue,sprache,lingua,idioma",
        "role": "role,rolle,ruolo,rol,funktion",
        "teams": "team,teams,workteam,workteams,equipe,equipes,equipedetravail,equipesdetravail,"
        "arbeitsteam,arbeitsteams,gruppodilavoro,gruppidilavoro,equipo,equipos,"
        "equipodetrabajo,equiposdetrabajo",
        "grants": "rights,right,droits,droit,rechte,recht,diritti,diritto,derechos,derecho",
    }.items()
    for name in known.split(",")
}


@dataclass(frozen=True, slots=True)
class Person:
    """One row as it was written; "" and () where it says nothing. ``line`` counts from 1."""

    line: int
    email: str
    first_name: str = ""
    last_name: str = ""
    language: str = ""
    role: str = ""
    teams: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """The people, at most so many as were asked for, and whether there are more."""

    people: tuple[Person, ...] = field(default=())
    more: bool = False


def decode(data: bytes) -> str:
    """Return a file's text: UTF-8 or UTF-16 by its mark, UTF-8 without one, else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def fold(word: str) -> str:
    """Return ``word`` without accents, blanks and signs, in lower case, to compare headings."""
    plain = unicodedata.normalize("NFKD", word)
    return "".join(sign for sign in plain if sign.isalnum()).casefold()


def read(text: str, *, most: int) -> Read:
    """Return the people that ``text`` names, one line each, or several addresses on a line.

    With a heading that names the address's column it is CSV, in which cells may be quoted.
    """
    plain = text.removeprefix("\ufeff").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    found: list[Person] = []
    for person in _people(plain):
        if len(found) == most:
            return Read(tuple(found), more=True)
        found.append(person)
    return Read(tuple(found))


def _people(text: str) -> Iterator[Person]:
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return
    delimiter = max(_DELIMITERS, key=lines[first].count)
    columns = [_HEADERS.get(fold(cell), "") for cell in _cells(lines[first], delimiter)]
    if "email" in columns:
        yield from _table("\n".join(lines[first:]), delimiter, columns, first)
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield from _line(line, number)


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def _table(text: str, delimiter: str, columns: Sequence[str], before: int) -> Iterator[Person]:
    rows = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    next(rows)
    while True:
        line = before + rows.line_num + 1
        try:
            cells = next(rows, None)
        except csv.Error:
            # One cell longer than any name: the row is shown as what it is, unreadable.
            yield Person(line, "")
            continue
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        known = {
            column: cell.strip()[:LONGEST_CELL]
            for column, cell in zip(columns, cells, strict=False)
            if column
        }
        first, last = known.get("first_name", ""), known.get("last_name", "")
        if not first and not last:
            first, last = _parts(known.get("full_name", ""))
        yield _person(
            line,
            known.get("email", ""),
            first,
            last,
            language=known.get("language", ""),
            role=known.get("role", ""),
            teams=_listed(known.get("teams", "")),
            grants=_listed(known.get("grants", "")),
        )


def _line(line: str, number: int) -> Iterator[Person]:
    if "<" in line:
        end = 0
        for named in _NAMED.finditer(line):
            if line[end : named.start()].strip():
                break
            end = named.end()
            name = named[1] if named[1] is not None else named[2]
            yield _person(number, named[3], *_parts(name))
        rest = line[end:].strip(" ;,\t")
        if rest:
            yield Person(number, rest[:LONGEST_CELL])
        return
    cells = [cell.strip().strip('"')[:LONGEST_CELL] for cell in re.split(r"[;,\t]", line)]
    cells = [cell for cell in cells if cell]
    if not cells:
        return
    having = [cell for cell in cells if "@" in cell]
    if len(having) == 1 and len(cells) > 1:
        # An address with names beside it, in either order.
        names = [cell for cell in cells if cell != having[0]]
        first, last = (names[0], " ".join(names[1:])) if len(names) > 1 else _parts(names[0])
        yield _person(number, having[0], first, last)
        return
    for cell in cells:
        # ``Anna Keller a@b.example`` has the address last.
        name, _, address = cell.rpartition(" ")
        yield _person(number, address, *_parts(name))


def _person(
    line: int,
    email: str,
    first_name: str,
    last_name: str,
    *,
    language: str = "",
    role: str = "",
    teams: tuple[str, ...] = (),
    grants: tuple[str, ...] = (),
) -> Person:
    if not first_name or not last_name:
        guessed = _guess(email)
        first_name, last_name = first_name or guessed[0], last_name or guessed[1]
    return Person(
        line, email.strip()[:LONGEST_CELL], first_name, last_name, language, role, teams, grants
    )


def _parts(name: str) -> tuple[str, str]:
    """Part a full name: "Keller, Anna" and "Anna Keller" are the same person."""
    name = " ".join(name.split())[:LONGEST_CELL]
    last, comma, first = name.partition(",")
    if comma:
        return first.strip(), last.strip()
    first, _, last = name.partition(" ")
    return first, last


def _guess(email: str) -> tuple[str, str]:
    """Return names to go by until the person tells better ones: anna.keller@ is Anna Keller."""
    local, _, host = email.strip().partition("@")
    words = [word for word in re.split(r"[\W\d_]+", local) if word]
    company = next((word for word in re.split(r"[\W\d_]+", host) if word), "")
    first = words[0].capitalize() if words else ""
    last = " ".join(word.capitalize() for word in words[1:]) or company.capitalize()
    return first, last


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(word for part in _MANY.split(cell) if (word := part.strip()))
