"""Who lives in the demo. All of them are made up."""

from __future__ import annotations

from dataclasses import dataclass

# Known to everybody on purpose; loading refuses to put it on anything but a demo.
PASSWORD = "welcome-to-the-demo-27"  # noqa: S105 - the demo's public password

# What each of them reads, in the words of the terminal.
LANGUAGES = {"en": "English", "fr": "French", "de": "German", "it": "Italian", "es": "Spanish"}


@dataclass(frozen=True, slots=True)
class Person:
    """One account of the demo. ``days`` is how long ago it was opened."""

    key: str
    email: str
    first_name: str
    last_name: str
    part: str
    locale: str
    timezone: str
    organization: str
    days: int
    recovery_email: str = ""
    recovery_phone: str = ""
    is_staff: bool = False


OWNER = "owner"
AGENCY = "agency"
ACCOUNTANT = "accountant"
DEVELOPER = "developer"
BOOKSELLER = "bookseller"
STAFF = "staff"

PEOPLE: tuple[Person, ...] = (
    Person(
        OWNER, "lea@bergblume.example", "Léa", "Favre", "shop owner", "fr", "Europe/Zurich",
        "Bergblume Fleurs", 410, "lea.favre@mail.example", "+41791234567",
    ),
    Person(
        AGENCY, "jonas@studio-lindau.example", "Jonas", "Lindner", "agency", "de",
        "Europe/Berlin", "Studio Lindau", 230, "jonas@mail.example",
    ),
    Person(
        ACCOUNTANT, "giulia@conti-rossi.example", "Giulia", "Rossi", "accountant", "it",
        "Europe/Rome", "Conti Rossi", 95,
    ),
    Person(
        DEVELOPER, "mateo@barcode.example", "Mateo", "Serrano", "developer", "es",
        "Europe/Madrid", "Barcode Labs", 21, "mateo@mail.example", "+34612345678",
    ),
    Person(
        BOOKSELLER, "nora@whitfield-books.example", "Nora", "Whitfield", "bookseller", "en",
        "Europe/London", "Whitfield Books", 60, "nora@mail.example",
    ),
    Person(
        STAFF, "robin@alpenhost.example", "Robin", "Ashdown", "staff", "en",
        "Europe/Zurich", "Alpenhost", 700, "robin@mail.example", "+41791112233", is_staff=True,
    ),
)  # fmt: skip

# Who else belongs to whose organization: (person, owner of the organization, role).
MEMBERS: tuple[tuple[str, str, str], ...] = (
    (AGENCY, OWNER, "admin"),
    (ACCOUNTANT, OWNER, "normal"),
    (DEVELOPER, AGENCY, "admin"),
    (ACCOUNTANT, AGENCY, "client"),
)
