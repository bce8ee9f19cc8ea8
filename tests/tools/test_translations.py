"""The catalogues' tool: it finds every text, keeps what was translated, and finds every fault."""

from __future__ import annotations

import gettext as gnu

import pytest

from tools import translations

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext

label = gettext_lazy("Your name")
def said(count):
    # Translators: a greeting
    _("Good day, %(name)s")
    ngettext("%(count)d day", "%(count)d days", count)
    pgettext("month", "May")
    return _("One sentence "
             "in two pieces")
"""
TEMPLATE = """
{% load i18n %}<h1>{% translate "Sign in" %}</h1>
<p>{% blocktranslate trimmed with name=person.name %}
  Welcome back, {{ name }}
{% endblocktranslate %}</p>
{% blocktranslate trimmed count number=people|length %}
  one person{% plural %}{{ number }} people
{% endblocktranslate %}
<a title="{% translate 'Close' context 'dialog' %}">{{ _("Home") }}</a>
{% submit _("Save") %}
"""
TEXTS = {
    "Your name",
    "Good day, %(name)s",
    ("%(count)d day", "%(count)d days"),
    "May",
    "One sentence in two pieces",
    "Sign in",
    "Welcome back, %(name)s",
    ("one person", "%(number)s people"),
    "Close",
    "Home",
    "Save",
}


@pytest.fixture
def package(tmp_path):
    """Return a package with one module and one template."""
    folder = tmp_path / "src" / "hospes"
    (folder / "room" / "templates").mkdir(parents=True)
    (folder / "room" / "web.py").write_text(PYTHON)
    (folder / "room" / "templates" / "page.html").write_text(TEMPLATE)
    return folder


def translate_all(package, language, translate=lambda text: f"[{text}]"):
    catalog = translations.read(language, package)
    for message in catalog:
        if message.id:
            sources = [message.id] if isinstance(message.id, str) else message.id
            texts = tuple(translate(text) for text in sources)
            message.string = texts[0] if isinstance(message.id, str) else texts
            message.flags.discard("fuzzy")
    translations.write(catalog, language, package)


@pytest.fixture
def complete(package):
    """Return the package with every text translated."""
    translations.extract(package)
    for language in translations.LANGUAGES:
        translate_all(package, language)
    assert translations.faults(package) == []
    return package


def test_every_text_of_code_and_templates_is_found(package):
    found = {message.id for message in translations.source_catalog(package) if message.id}
    assert found == TEXTS


def test_collecting_again_keeps_what_was_translated_and_changes_nothing(complete):
    before = {lang: translations.catalog_path(lang, complete).read_text() for lang in ("fr", "de")}
    translations.extract(complete)
    after = {lang: translations.catalog_path(lang, complete).read_text() for lang in ("fr", "de")}
    assert before == after


def test_compiled_catalogues_are_what_gettext_reads(complete):
    translations.compile_all(complete)
    path = translations.catalog_path("de", complete).with_suffix(".mo")
    with path.open("rb") as file:
        catalog = gnu.GNUTranslations(file)
    assert catalog.gettext("Your name") == "[Your name]"
    assert catalog.ngettext("one person", "%(number)s people", 2) == "[%(number)s people]"
    assert catalog.pgettext("dialog", "Close") == "[Close]"


def test_a_new_text_is_missing_until_it_is_collected_and_translated(complete):
    (complete / "room" / "more.py").write_text('_ = gettext\nx = _("Something new")\n')
    told = translations.faults(complete)
    assert len(told) == len(translations.LANGUAGES)
    assert all("missing" in line and "Something new" in line for line in told)
    translations.extract(complete)
    assert all("not translated" in line for line in translations.faults(complete))


def test_a_text_that_vanished_is_told(complete):
    (complete / "room" / "web.py").write_text("")
    assert all("not used" in line for line in translations.faults(complete))
    translations.extract(complete)
    assert translations.faults(complete) == []


@pytest.mark.parametrize(
    ("translate", "fault"),
    [
        (lambda text: text.replace("%(name)s", "%(nom)s"), "nom"),
        (lambda text: text.replace("%(count)d", "%(count)s"), "count"),
        (lambda text: text + " %(more)s", "more"),
        (lambda text: text.replace("%(name)s", ""), "where the source has"),
        (lambda text: f"<b>{text}</b>", "<b"),
        (lambda _text: "", "not translated"),
        (lambda _text: "  ", "not translated"),
    ],
)
def test_a_translation_that_would_break_a_page_is_found(complete, translate, fault):
    translate_all(complete, "it", translate)
    told = translations.faults(complete)
    assert told
    assert all(line.startswith("it:") for line in told)
    assert any(fault in line for line in told)


def test_a_fuzzy_translation_is_found(complete):
    catalog = translations.read("es", complete)
    next(message for message in catalog if message.id == "Sign in").flags.add("fuzzy")
    translations.write(catalog, "es", complete)
    assert [line for line in translations.faults(complete) if "fuzzy" in line]
