"""What the demo's provider offers and its customers hold. All of it is made up."""

from __future__ import annotations

from dataclasses import dataclass

from hospes.catalog.services.loading import ServiceEntry
from hospes.demo.people import ACCOUNTANT, AGENCY, BOOKSELLER, DEVELOPER, OWNER
from hospes.organizations.domain.addresses import PostalAddress

SERVICES: tuple[ServiceEntry, ...] = (
    ServiceEntry(
        "domain",
        {"en": "Domain", "fr": "Domaine", "de": "Domain", "it": "Dominio", "es": "Dominio"},
    ),
    ServiceEntry(
        "web-hosting",
        {
            "en": "Web hosting",
            "fr": "Hébergement web",
            "de": "Webhosting",
            "it": "Hosting web",
            "es": "Alojamiento web",
        },
    ),
    ServiceEntry(
        "mail",
        {
            "en": "Mail service",
            "fr": "Service de messagerie",
            "de": "Mail-Service",
            "it": "Servizio di posta",
            "es": "Servicio de correo",
        },
    ),
    ServiceEntry(
        "cloud-server",
        {
            "en": "Cloud server",
            "fr": "Serveur cloud",
            "de": "Cloud-Server",
            "it": "Server cloud",
            "es": "Servidor en la nube",
        },
    ),
    ServiceEntry(
        "certificate",
        {
            "en": "Certificate",
            "fr": "Certificat",
            "de": "Zertifikat",
            "it": "Certificato",
            "es": "Certificado",
        },
    ),
    ServiceEntry(
        "backup",
        {
            "en": "Backup",
            "fr": "Sauvegarde",
            "de": "Datensicherung",
            "it": "Backup",
            "es": "Copia de seguridad",
        },
    ),
    ServiceEntry(
        "newsletter",
        {
            "en": "Newsletter",
            "fr": "Newsletter",
            "de": "Newsletter",
            "it": "Newsletter",
            "es": "Boletín",
        },
    ),
)

# By owner: what the organization is, and where.
ADDRESSES: dict[str, tuple[str, PostalAddress]] = {
    OWNER: ("company", PostalAddress("Rue des Fleurs 12", "", "1003", "Lausanne", "CH")),
    AGENCY: ("company", PostalAddress("Inselgraben 4", "2. Stock", "88131", "Lindau", "DE")),
    ACCOUNTANT: ("individual", PostalAddress("Via Garibaldi 8", "", "20121", "Milano", "IT")),
    DEVELOPER: ("company", PostalAddress("Calle de Atocha 31", "", "28012", "Madrid", "ES")),
    BOOKSELLER: ("individual", PostalAddress("7 Market Row", "", "YO1 8SW", "York", "GB")),
}

# By owner: the organization's labels, with their colours' numbers.
TAGS: dict[str, tuple[tuple[str, int], ...]] = {
    OWNER: (("Boutique", 3), ("Blog", 1), ("Interne", 0)),
    AGENCY: (("Kunde Seeblick", 2), ("Kunde Hafen", 6), ("Eigenes", 9)),
    DEVELOPER: (("Producción", 7), ("Pruebas", 5)),
}


@dataclass(frozen=True, slots=True)
class Holding:
    """One product. ``days`` is when it ends, from now; None: it has no end."""

    owner: str
    service: str
    internal_name: str
    days: int | None
    customer_name: str = ""
    fqdn: str = ""
    tags: tuple[str, ...] = ()
    is_free: bool = False


# Names are those that RFC 2606 keeps free.
HOLDINGS: tuple[Holding, ...] = (
    Holding(OWNER, "domain", "bergblume.example", 212, "", "bergblume.example", ("Boutique",)),
    Holding(
        OWNER,
        "domain",
        "bergblume-fleurs.example",
        18,
        "",
        "bergblume-fleurs.example",
        ("Boutique",),
    ),
    Holding(
        OWNER, "domain", "carnet-de-fleurs.example", 96, "", "carnet-de-fleurs.example", ("Blog",)
    ),
    Holding(
        OWNER, "web-hosting", "wh-10231", 212, "Boutique", "shop.bergblume.example", ("Boutique",)
    ),
    Holding(OWNER, "web-hosting", "wh-10388", 96, "Blog", "carnet-de-fleurs.example", ("Blog",)),
    Holding(
        OWNER, "mail", "mail-bergblume.example", 212, "", "mail.bergblume.example", ("Interne",)
    ),
    Holding(OWNER, "certificate", "cert-55120", 41, "", "shop.bergblume.example", ("Boutique",)),
    Holding(OWNER, "backup", "bk-7781", None, "Caisse", "", ("Interne",), is_free=True),
    Holding(OWNER, "newsletter", "nl-2240", 140, "Nouvelles du jardin", "", ("Boutique",)),
    Holding(
        AGENCY, "domain", "studio-lindau.example", 301, "", "studio-lindau.example", ("Eigenes",)
    ),
    Holding(
        AGENCY,
        "domain",
        "hotel-seeblick.example",
        25,
        "",
        "hotel-seeblick.example",
        ("Kunde Seeblick",),
    ),
    Holding(AGENCY, "domain", "hafenfest.example", -3, "", "hafenfest.example", ("Kunde Hafen",)),
    Holding(
        AGENCY,
        "domain",
        "seeblick-wellness.example",
        133,
        "",
        "seeblick-wellness.example",
        ("Kunde Seeblick",),
    ),
    Holding(
        AGENCY, "web-hosting", "wh-11840", 301, "Agentur", "www.studio-lindau.example", ("Eigenes",)
    ),
    Holding(
        AGENCY,
        "web-hosting",
        "wh-11902",
        25,
        "Hotel Seeblick",
        "www.hotel-seeblick.example",
        ("Kunde Seeblick",),
    ),
    Holding(
        AGENCY,
        "web-hosting",
        "wh-12077",
        61,
        "Hafenfest",
        "www.hafenfest.example",
        ("Kunde Hafen",),
    ),
    Holding(
        AGENCY,
        "cloud-server",
        "vm-4410",
        20,
        "Kundenportal",
        "portal.studio-lindau.example",
        ("Eigenes",),
    ),
    Holding(
        AGENCY,
        "mail",
        "mail-studio-lindau.example",
        301,
        "",
        "mail.studio-lindau.example",
        ("Eigenes",),
    ),
    Holding(
        AGENCY,
        "mail",
        "mail-hotel-seeblick.example",
        25,
        "",
        "mail.hotel-seeblick.example",
        ("Kunde Seeblick",),
    ),
    Holding(
        AGENCY, "certificate", "cert-58004", 12, "", "portal.studio-lindau.example", ("Eigenes",)
    ),
    Holding(AGENCY, "backup", "bk-9015", None, "", "", ("Eigenes",), is_free=True),
    Holding(ACCOUNTANT, "domain", "conti-rossi.example", 77, "", "conti-rossi.example"),
    Holding(ACCOUNTANT, "mail", "mail-conti-rossi.example", 77, "", "mail.conti-rossi.example"),
    Holding(DEVELOPER, "domain", "barcode.example", 350, "", "barcode.example", ("Producción",)),
    Holding(
        DEVELOPER, "cloud-server", "vm-6021", 350, "API", "api.barcode.example", ("Producción",)
    ),
    Holding(
        DEVELOPER,
        "cloud-server",
        "vm-6022",
        10,
        "Banco de pruebas",
        "panel.barcode.example",
        ("Pruebas",),
    ),
    Holding(DEVELOPER, "backup", "bk-9120", None, "", "", ("Producción",), is_free=True),
    Holding(BOOKSELLER, "domain", "whitfield-books.example", 158, "", "whitfield-books.example"),
    Holding(BOOKSELLER, "web-hosting", "wh-13310", 158, "Bookshop", "www.whitfield-books.example"),
    Holding(
        BOOKSELLER, "mail", "mail-whitfield-books.example", 158, "", "mail.whitfield-books.example"
    ),
)


@dataclass(frozen=True, slots=True)
class WorkTeam:
    """A work team. ``tag`` names the products it has a right on; "" for all, future ones too."""

    owner: str
    name: str
    color_id: int
    leader: str
    members: tuple[str, ...]
    right: str
    tag: str = ""


TEAMS: tuple[WorkTeam, ...] = (
    WorkTeam(OWNER, "Boutique en ligne", 3, AGENCY, (AGENCY, ACCOUNTANT), "technical", "Boutique"),
    WorkTeam(OWNER, "Comptabilité", 1, ACCOUNTANT, (ACCOUNTANT,), "statistic"),
    WorkTeam(
        AGENCY, "Hotel Seeblick", 2, DEVELOPER, (DEVELOPER, ACCOUNTANT), "check", "Kunde Seeblick"
    ),
)
