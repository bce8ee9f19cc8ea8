"""Forms keep what was typed and say what is wrong beside the field."""

from __future__ import annotations

import pytest
from django import forms
from django.template import engines

from hospes.kit.faults import Fault, Refused
from hospes.site.forms import Form, add_faults


class Example(Form):
    name = forms.CharField(label="Name", help_text="As on your passport.")
    password = forms.CharField(
        label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(
        label="Kind", choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect
    )


def draw(form: Form) -> str:
    return engines["django"].from_string("{% form_fields form %}").render({"form": form})


def test_what_was_typed_stays_but_for_passwords():
    text = draw(Example({"name": 'A "quoted" <name>', "password": "secret-of-mine"}))
    assert "A &quot;quoted&quot; &lt;name&gt;" in text
    assert "secret-of-mine" not in text


def test_an_error_stands_beside_its_field_and_is_tied_to_it():
    text = draw(Example({"name": ""}))
    control = text.split('name="name"')[1].split(">")[0]
    assert 'aria-invalid="true"' in control
    assert "id_name_error" in control
    assert "id_name_helptext" in control
    assert 'id="id_name_error"' in text
    assert 'id="id_name_helptext"' in text


def test_the_summary_links_to_the_fields_and_can_take_the_focus():
    text = draw(Example({}))
    summary = text.split("error-summary", 1)[1].split("</div>\n</div>")[0]
    assert 'tabindex="-1"' in summary
    assert '<a href="#id_name">Name</a>' in summary
    assert '<a href="#id_password">Password</a>' in summary
    # The first of the choices' targets must exist.
    assert all(f'id="{part.split(chr(34))[0]}"' in text for part in summary.split('href="#')[1:])


def test_a_fresh_form_has_no_summary_and_no_errors():
    text = draw(Example())
    assert "error-summary" not in text
    assert "aria-invalid" not in text


def test_optional_fields_are_called_so_and_required_ones_are_announced():
    text = draw(Example())
    assert text.count("optional") == text.count("field__optional") * 2
    assert 'aria-required="true"' in text.split('name="name"')[1].split(">")[0]
    assert " required" not in text


def test_a_new_password_gets_its_hint_and_its_switch():
    text = draw(Example())
    assert 'data-strength="id_password"' in text
    assert 'data-password-toggle="id_password"' in text


def test_faults_of_a_command_come_beside_their_fields_in_words():
    form = Example({"name": "A", "password": "x", "kind": "a"})
    assert form.is_valid()
    refused = Refused(
        Fault("name", "short", {"minimum": 3}), Fault("", "closed"), Fault("elsewhere", "odd")
    )
    add_faults(
        form,
        refused,
        {
            ("name", "short"): "Use at least %(minimum)s letters.",
            ("", "closed"): "Registration is closed.",
        },
    )
    assert form.errors["name"] == ["Use at least 3 letters."]
    assert form.non_field_errors() == [
        "Registration is closed.",
        "This value cannot be accepted.",
    ]


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ('{% submit "Go" "danger" %}', 'class="button button--danger" type="submit">Go<'),
        ('{% badge "New" "info" %}', 'class="badge badge--info">New<'),
        ("{% copy_button odd %}", 'data-copy="a&quot;&lt;b"'),
        ('{% icon "key" %}', 'aria-hidden="true"'),
        ('{% icon "key" "Key" %}', 'aria-label="Key"'),
        ('{% breadcrumbs "Home" "/" odd "/a" %}', "a&quot;&lt;b"),
        ('{% empty_state "key" "None" "Yet" "/x" "Add" %}', 'href="/x"'),
        ('{% agent_label "x" %}', "Unknown browser"),
        ("{% moment None %}", "\N{EN DASH}"),
    ],
)
def test_a_tag_draws_its_component(template: str, words: str):
    assert words in engines["django"].from_string(template).render({"odd": 'a"<b'})


def test_an_unknown_icon_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        engines["django"].from_string('{% icon "nothing-like-it" %}').render({})
