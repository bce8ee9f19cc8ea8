"""A page as a browser without scripts understands it: text, links and forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"]
)
UNSEEN = frozenset(["script", "style", "template", "head"])


@dataclass
class Link:
    """An ``a`` element."""

    text: str
    href: str


@dataclass
class Form:
    """A form: what it would send when nothing is changed, and its buttons."""

    action: str = ""
    method: str = "get"
    multipart: bool = False
    fields: dict[str, str | list[str]] = field(default_factory=dict)
    # (name, value, text) of each submit button, in order
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    # every value that a radio group, select or checkbox offers
    choices: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Element:
    """An element with its attributes and its text."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


class Page(HTMLParser):
    """The parsed page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.title = ""
        self.language = ""
        self.links: list[Link] = []
        self.forms: list[Form] = []
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self._form: Form | None = None
        self._select: tuple[str, bool] | None = None
        self._option: Element | None = None
        self._texts: list[str] = []
        self.feed(html)
        self.close()
        self.text = " ".join(" ".join(self._texts).split())
        for element in self.elements:
            element.text = " ".join(element.text.split())
        self.links = [
            Link(element.text, element.attributes.get("href", ""))
            for element in self.elements
            if element.tag == "a"
        ]

    # -- what tests ask ------------------------------------------------------------------------

    @property
    def heading(self) -> str:
        """Return the text of the first ``h1``."""
        return next((e.text for e in self.elements if e.tag == "h1"), "")

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements called ``tag`` with these attributes (``class_`` for ``class``)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if element.tag == tag
            and all(element.attributes.get(name) == value for name, value in wanted.items())
        ]

    def by_id(self, identifier: str) -> Element | None:
        """Return the element with this id."""
        return next((e for e in self.elements if e.attributes.get("id") == identifier), None)

    def link(self, text: str) -> Link:
        """Return the link whose text contains ``text``."""
        for link in self.links:
            if text in link.text:
                return link
        raise AssertionError(f"No link {text!r}; there are {[link.text for link in self.links]}")

    def form(self, action: str = "", *, button: str = "") -> Form:
        """Return the form with this action (or part of it) or this button's text."""
        for form in self.forms:
            if action and action not in form.action:
                continue
            if button and not any(button in text for _name, _value, text in form.buttons):
                continue
            if not action and not button and form.method != "post":
                continue
            return form
        raise AssertionError(f"No form {action!r} {button!r}; there are {self.forms}")

    def errors(self, name: str) -> str:
        """Return what stands beside the field ``name`` as its errors, "" for none."""
        for element in self.elements:
            if element.attributes.get("name") == name:
                if element.attributes.get("aria-invalid") != "true":
                    return ""
                described = element.attributes.get("aria-describedby", "").split()
                found = [self.by_id(identifier) for identifier in described]
                return " ".join(e.text for e in found if e and "error" in e.attributes["id"])
        raise AssertionError(f"No field {name!r}")

    # -- parsing -------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)
        if tag == "html":
            self.language = attributes.get("lang", "")
        handler = getattr(self, f"_start_{tag}", None)
        if handler:
            handler(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not any(element.tag == tag for element in self._open):
            return
        while self._open:
            element = self._open.pop()
            handler = getattr(self, f"_end_{element.tag}", None)
            if handler:
                handler(element)
            if element.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        if any(element.tag == "title" for element in self._open):
            self.title += data
        for element in self._open:
            element.text += data + " "
        if not any(element.tag in UNSEEN for element in self._open):
            self._texts.append(data)

    def _start_form(self, element: Element) -> None:
        self._form = Form(
            action=element.attributes.get("action", ""),
            method=element.attributes.get("method", "get").lower(),
            multipart="multipart" in element.attributes.get("enctype", ""),
        )
        self.forms.append(self._form)

    def _end_form(self, _element: Element) -> None:
        self._form = None

    def _add(self, name: str, value: str) -> None:
        form = self._form
        if form is None or not name:
            return
        present = form.fields.get(name)
        if present is None:
            form.fields[name] = value
        else:
            form.fields[name] = [*([present] if isinstance(present, str) else present), value]

    def _offer(self, name: str, value: str) -> None:
        if self._form is not None:
            self._form.choices.setdefault(name, []).append(value)

    def _start_input(self, element: Element) -> None:
        kind = element.attributes.get("type", "text").lower()
        name = element.attributes.get("name", "")
        value = element.attributes.get("value", "")
        if "disabled" in element.attributes:
            return
        if kind in {"checkbox", "radio"}:
            value = value or "on"
            self._offer(name, value)
            if "checked" in element.attributes:
                self._add(name, value)
        elif kind == "submit":
            if self._form is not None:
                self._form.buttons.append((name, value, value))
        elif kind not in {"button", "reset", "image", "file"}:
            self._add(name, value)

    def _end_textarea(self, element: Element) -> None:
        self._add(element.attributes.get("name", ""), element.text.strip())

    def _end_button(self, element: Element) -> None:
        if self._form is not None and element.attributes.get("type", "submit") == "submit":
            name, value = element.attributes.get("name", ""), element.attributes.get("value", "")
            self._form.buttons.append((name, value, " ".join(element.text.split())))

    def _start_select(self, element: Element) -> None:
        self._select = (element.attributes.get("name", ""), False)
        self._first: str | None = None

    def _end_option(self, element: Element) -> None:
        if self._select is None:
            return
        name, _chosen = self._select
        value = element.attributes.get("value", element.text.strip())
        self._offer(name, value)
        if self._first is None:
            self._first = value
        if "selected" in element.attributes:
            self._add(name, value)
            self._select = (name, True)

    def _end_select(self, _element: Element) -> None:
        if self._select is not None and not self._select[1] and self._first is not None:
            self._add(self._select[0], self._first)
        self._select = None
