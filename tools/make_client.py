"""Write the client's calls and shapes from the endpoints: ``python -m tools.make_client``.

``--check`` writes nothing; its exit code is 1 where the files are not what would be written.
"""

from __future__ import annotations

import argparse
import builtins
import keyword
import os
import subprocess
import sys
import types
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

    from hospes.rest.routes import Route
    from hospes.rest.words import Word

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "hospes" / "client"
_NOTE = "Written by ``python -m tools.make_client``: change the endpoints, not this file."
# How the frame's own words are typed; the others are text.
_FRAME = {
    **dict.fromkeys(("page", "per_page", "limit", "skip"), "int"),
    **dict.fromkeys(("with", "order_by"), "Sequence[str]"),
    "dry_run": "bool",
    "filter": "Mapping[str, Any]",
    "order": "Literal['asc', 'desc']",
    "order_for": "Mapping[str, str]",
}
# ``pages`` goes by cursor, and a total is no list: ``client.get(path, return_="total")``.
_LEFT_OUT = frozenset({"cursor", "return"})


class _Shapes:
    """Every model that a body or an answer holds, as a TypedDict."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}
        self.models: dict[str, type[BaseModel]] = {}

    def name(self, kind: Any) -> str:  # noqa: PLR0911 - one for each sort of type
        """Return how a type is written, taking up the models in it."""
        from pydantic import BaseModel  # noqa: PLC0415 - with the product

        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return self._model(kind)
        origin, inner = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self.name(inner[0])
        if origin is Literal:
            return f"Literal[{', '.join(repr(each) for each in inner)}]"
        if origin in {Union, types.UnionType}:
            return " | ".join(dict.fromkeys(self.name(each) for each in inner))
        if origin in {list, tuple, set, frozenset}:
            return f"list[{self.name(inner[0])}]"
        if origin is dict:
            return f"dict[{self.name(inner[0])}, {self.name(inner[1])}]"
        if kind in {None, type(None)}:
            return "None"
        return kind.__name__ if kind in {bool, int, float, str} else "Any"

    def _model(self, model: type[BaseModel]) -> str:
        name = model.__name__
        if self.models.setdefault(name, model) is not model:
            name = f"{model.__module__.rsplit('.', 1)[1].title()}{name}"
            if self.models.setdefault(name, model) is not model:
                raise ValueError(f"two shapes want to be called {name}")
        if name not in self.found:
            # First its place: a model may hold itself.
            self.found[name] = lines = []
            for field_name, field in model.model_fields.items():
                kind = self.name(field.annotation)
                lines.append(
                    f"    {field.alias or field_name}: "
                    + (kind if field.is_required() else f"NotRequired[{kind}]")
                )
            summary = (model.__doc__ or "").strip().splitlines()[0]
            lines.insert(0, f'    """{summary}"""\n')
        return name

    def are_bodies(self, name: str) -> bool:
        """Return whether the model of that name is what a write takes."""
        from hospes.rest.shapes import Body  # noqa: PLC0415 - with the product

        return issubclass(self.models[name], Body)

    def text(self, title: str, *, bodies: bool) -> str:
        """Return the module of bodies, or that of answers."""
        parts = [
            f'"""{title}\n\n{_NOTE}\n"""',
            "from __future__ import annotations",
            "from typing import Any, Literal, NotRequired, TypedDict",
        ]
        parts += [
            f"class {name}(TypedDict):\n" + "\n".join(lines)
            for name, lines in sorted(self.found.items())
            if self.are_bodies(name) is bodies
        ]
        return "\n\n".join(parts) + "\n"


def _word_type(word: Word) -> str:
    kind = {"integer": "int", "boolean": "bool", "instant": "int"}.get(word.kind, "str")
    if word.values:
        kind = f"Literal[{', '.join(repr(value) for value in word.values)}]"
    return f"Sequence[{kind}]" if word.many else kind


def _words(route: Route) -> Iterable[str]:
    query = route.query
    for name in query.accepted(dry_run=route.dry_run):
        if name in _LEFT_OUT:
            continue
        kind = _FRAME.get(name, "str")
        if name in query.words:
            kind = _word_type(query.words[name])
            if query.words[name].required:
                yield f"{_safe(name)}: {kind}"
                continue
        yield f"{_safe(name)}: {kind} | None = None"


def _safe(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) or hasattr(builtins, name) else name


def _names(routes: tuple[Route, ...]) -> dict[str, str]:
    """Return each endpoint's method: its name without the version, where that is enough."""
    short: dict[str, list[Route]] = {}
    for route in routes:
        short.setdefault(route.name.replace(f"_{route.version}_", "_", 1), []).append(route)
    return {
        route.name: name if route is max(same, key=lambda each: each.version) else route.name
        for name, same in short.items()
        for route in same
    }


def _operation(route: Route, name: str, shapes: _Shapes) -> str:
    segments = [f"{key}: {'int' if kind == 'int' else 'str'}" for key, kind in route.kinds.items()]
    words = list(_words(route))
    signature = ["self", *segments]
    if route.body is not None:
        signature.append(f"body: {shapes.name(route.body)}")
    if words:
        signature += ["*", *words]
    answer = "str" if route.is_async else shapes.name(route.answer)
    path = f"/{route.version}{route.plain_path}"
    place = path
    for key, kind in route.kinds.items():
        place = place.replace(
            f"{{{key}}}", f"{{{key}}}" if kind == "int" else f"{{segment({key})}}"
        )
    arguments = [repr(route.method), f"f{place!r}" if route.kinds else repr(path)]
    if route.body is not None:
        arguments.append("json=body")
    if words:
        pairs = ", ".join(
            f"{word!r}: {_safe(word)}"
            for word in route.query.accepted(dry_run=route.dry_run)
            if word not in _LEFT_OUT
        )
        arguments.append(f"query={{{pairs}}}")
    call = f"self.call({', '.join(arguments)}).data"
    returned = call if answer == "Any" else f"cast({answer!r}, {call})"
    return (
        f"    def {name}({', '.join(signature)}) -> {answer}:\n"
        f'        """{route.summary}."""\n'
        f"        return {returned}\n"
    )


def written() -> dict[Path, str]:
    """Return what each file should hold: a module of calls for each heading, and the shapes."""
    from hospes.rest import registry  # noqa: PLC0415 - once Django is set up

    shapes = _Shapes()
    routes = registry.routes()
    names = _names(routes)
    by_heading: dict[str, list[Route]] = {}
    for route in routes:
        by_heading.setdefault(route.tag, []).append(route)
    calls = {
        heading: "\n".join(_operation(route, names[route.name], shapes) for route in some)
        for heading, some in by_heading.items()
    }
    files = {
        f"calls/{_module(heading)}.py": _calls(heading, text, shapes)
        for heading, text in calls.items()
    }
    files["operations.py"] = _operations(list(calls))
    files["answers.py"] = shapes.text("What answers hold.", bodies=False)
    files["bodies.py"] = shapes.text("What writes take.", bodies=True)
    return {FOLDER / name: _formatted(text, name) for name, text in files.items()}


def _module(heading: str) -> str:
    return heading.lower().replace(" ", "_")


def _class(heading: str) -> str:
    return f"{heading.title().replace(' ', '')}Calls"


def _calls(heading: str, text: str, shapes: _Shapes) -> str:
    used = sorted(name for name in shapes.found if _is_used(name, text))
    imports = "".join(
        f"    from hospes.client.{module} import {', '.join(some)}\n"
        for module, bodies in (("answers", False), ("bodies", True))
        if (some := [name for name in used if shapes.are_bodies(name) is bodies])
    )
    return f'''"""The published calls under "{heading}".

{_NOTE}
"""

# Answers are typed as documented; what a server answers is not checked again.
# ruff: noqa: PLR0913, PLR0904 - a call has as many words as its endpoint

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from hospes.client.caller import Caller, segment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

{imports}

class {_class(heading)}(Caller):
    """A method for each call; lists answer one page (see ``pages``)."""

{text}'''


def _operations(headings: list[str]) -> str:
    imports = "\n".join(
        f"from hospes.client.calls.{_module(each)} import {_class(each)}" for each in headings
    )
    bases = ", ".join(map(_class, headings))
    return f'''"""Every published call.

{_NOTE}
"""

from __future__ import annotations

{imports}


class Operations({bases}):
    """A method for each call that is published; lists answer one page (see ``pages``)."""
'''


def _is_used(name: str, text: str) -> bool:
    return any(f"{before}{name}{after}" in text for before in " [(\"'" for after in " ])\"',:")


def _formatted(text: str, name: str) -> str:
    ruff = str(Path(sys.executable).parent / "ruff")
    stdin = ["--stdin-filename", str(FOLDER / name), "-"]
    for command in (["check", "--fix-only", "--quiet", *stdin], ["format", "--quiet", *stdin]):
        text = subprocess.run(  # noqa: S603 - ruff, with fixed arguments
            [ruff, *command], check=True, capture_output=True, text=True, cwd=ROOT, input=text
        ).stdout
    return text


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or with ``--check`` only compare them."""
    parser = argparse.ArgumentParser(description="Write the client's generated modules.")
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospes.config.settings")
    import django  # noqa: PLC0415 - the settings are named first

    django.setup()
    stale = 0
    for file, text in written().items():
        if file.exists() and file.read_text("utf-8") == text:
            continue
        stale += 1
        if options.check:
            print(f"{file.relative_to(ROOT)} is out of date: run python -m tools.make_client")
        else:
            file.write_text(text, "utf-8")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
