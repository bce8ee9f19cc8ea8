"""What the demo's status page tells: an incident that is over, and maintenance to come."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hospes.foundation import clock
from hospes.kit.origin import SYSTEM
from hospes.status.domain.drafts import Draft
from hospes.status.models import StatusEvent, StatusUpdate
from hospes.status.services.events import AlreadyOpened, OpenEvent, open_event
from hospes.status.services.updates import AddUpdate, add_update

if TYPE_CHECKING:
    from hospes.identity.models import Account

_INCIDENT_DAYS = 9
_MAINTENANCE_DAYS = 5

_MAIL_LATE = {
    "en": "Mail is delivered late",
    "fr": "Les e-mails arrivent en retard",
    "de": "E-Mails kommen verspätet an",
    "it": "Le e-mail arrivano in ritardo",
    "es": "El correo llega con retraso",
}
_MAIL_LATE_MORE = {
    "en": "Incoming mail waits in our queues for up to 40 minutes. No message is lost.",
    "fr": "Les e-mails entrants attendent 40 minutes au plus dans nos files. Tous seront "
    "distribués.",
    "de": "Eingehende E-Mails warten bis zu 40 Minuten in unseren Warteschlangen. Keine Nachricht "
    "geht verloren.",
    "it": "Le e-mail in arrivo attendono fino a 40 minuti nelle nostre code. Nessun messaggio va "
    "perso.",
    "es": "El correo entrante espera hasta 40 minutos en nuestras colas. No se pierde ningún "
    "mensaje.",
}
# Minutes after the beginning, the status, the texts.
_MAIL_UPDATES = (
    (
        55,
        "monitored",
        {
            "en": "A filter server had run out of memory. It is replaced, and the queues shrink.",
            "fr": "Un serveur de filtrage manquait de mémoire. Il est remplacé, et les files se "
            "vident.",
            "de": "Einem Filterserver fehlte Speicher. Er ist ersetzt, und die Warteschlangen "
            "werden kürzer.",
            "it": "Un server dei filtri aveva esaurito la memoria. È stato sostituito, e le code "
            "si svuotano.",
            "es": "A un servidor de filtrado le faltaba memoria. Está sustituido y las colas se "
            "vacían.",
        },
    ),
    (
        110,
        "resolved",
        {
            "en": "All waiting mail is delivered. We now measure the memory of these servers.",
            "fr": "Tous les e-mails en attente sont distribués. Nous surveillons désormais la "
            "mémoire de ces serveurs.",
            "de": "Alle wartenden E-Mails sind zugestellt. Wir messen nun den Speicher dieser "
            "Server.",
            "it": "Tutte le e-mail in attesa sono consegnate. Ora misuriamo la memoria di questi "
            "server.",
            "es": "Todo el correo en espera está entregado. Ahora medimos la memoria de estos "
            "servidores.",
        },
    ),
)
_SWITCHES = {
    "en": "New switches in the data centre",
    "fr": "Nouveaux commutateurs au centre de données",
    "de": "Neue Switches im Rechenzentrum",
    "it": "Nuovi switch nel centro dati",
    "es": "Nuevos conmutadores en el centro de datos",
}
_SWITCHES_MORE = {
    "en": "Sites and mailboxes may be out of reach for up to five minutes, twice.",
    "fr": "Les sites et les boîtes aux lettres peuvent être inaccessibles deux fois pendant cinq "
    "minutes au plus.",
    "de": "Websites und Postfächer können zweimal bis zu fünf Minuten nicht erreichbar sein.",
    "it": "I siti e le caselle possono essere irraggiungibili due volte per cinque minuti al "
    "massimo.",
    "es": "Los sitios y los buzones pueden quedar inaccesibles dos veces durante cinco minutos "
    "como máximo.",
}


def fill(writer: Account) -> None:
    """Publish what is missing; a second call changes nothing."""
    _incident(writer)
    _maintenance(writer)


def _incident(writer: Account) -> None:
    begun = clock.now() - timedelta(days=_INCIDENT_DAYS)
    draft = Draft(_MAIL_LATE, begun, _MAIL_LATE_MORE, ("Mail",))
    event = _opened(OpenEvent("incident", "ongoing", draft, form_key="demo-mail-late"), writer)
    if event is None:
        return
    for minutes, status, texts in _MAIL_UPDATES:
        update = add_update(
            AddUpdate(event.pk, status, texts), acting_account=writer, origin=SYSTEM
        )
        StatusUpdate.objects.filter(pk=update.pk).update(at=begun + timedelta(minutes=minutes))
    ended = begun + timedelta(minutes=_MAIL_UPDATES[-1][0])
    StatusEvent.objects.filter(pk=event.pk).update(
        created_at=begun, updated_at=ended, ends_at=ended
    )


def _maintenance(writer: Account) -> None:
    night = clock.now() + timedelta(days=_MAINTENANCE_DAYS)
    begins = night.replace(hour=22, minute=0, second=0, microsecond=0)
    draft = Draft(
        _SWITCHES,
        begins,
        _SWITCHES_MORE,
        ("Web hosting", "Mail"),
        ends_at=begins + timedelta(hours=4),
    )
    _opened(OpenEvent("maintenance", "planned", draft, form_key="demo-switches"), writer)


def _opened(command: OpenEvent, writer: Account) -> StatusEvent | None:
    try:
        return open_event(command, acting_account=writer, origin=SYSTEM)
    except AlreadyOpened:
        return None
