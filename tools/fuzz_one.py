"""Fuzz one target, or show a find again: ``python -m tools.fuzz_one <target> <seconds|file>``."""

from __future__ import annotations

import hashlib
import importlib
import sys
import time
import traceback
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.fuzz import FOLDER, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.fuzz_kit import Target

LONGEST = 16_384
# An input that takes longer is a find, too.
SLOWEST_SECONDS = 10


def _kept(target: Target, data: bytes) -> str:
    folder = FOLDER / "finds"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{target.name}-{hashlib.sha256(data).hexdigest()[:12]}"
    file.write_bytes(data)
    return f"{Path(sys.executable).parent / 'python'} -m tools.fuzz_one {target.name} {file}"


def _watched(target: Target, counted: list[int]) -> Callable[[bytes], None]:
    """Return the target's function, which keeps what breaks it and says how to show it again."""

    def run(data: bytes) -> None:
        counted[0] += 1
        try:
            target.run(bytes(data))
        except Exception:
            again = _kept(target, bytes(data)).replace(f"{ROOT}/", "")
            print(f"{traceback.format_exc()}\nTo show it again: {again}", flush=True)
            raise

    return run


def by_atheris(name: str, seconds: int) -> int:
    """Fuzz guided by coverage; libFuzzer ends the process with its own code at a find."""
    atheris: Any = importlib.import_module("atheris")  # it has no types, and is not everywhere

    # Only what is imported in here is watched: our parsers, and what reads for them.
    with atheris.instrument_imports(include=["hospes", "joserfc", "urllib", "json", "csv"]):
        from tools import fuzz_targets  # noqa: PLC0415 - see above
    target = _named(name, fuzz_targets.TARGETS)
    corpus = FOLDER / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds:
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    counted = [0]
    atheris.Setup(
        [
            *(sys.argv[0], f"-max_total_time={seconds}", f"-max_len={LONGEST}"),
            *(f"-timeout={SLOWEST_SECONDS}", f"-artifact_prefix={FOLDER}/", "-print_final_stats=1"),
            str(corpus),
        ],
        _watched(target, counted),
    )
    atheris.Fuzz()
    return 0


def by_hypothesis(name: str, seconds: int) -> int:
    """Fuzz with made-up bytes and mixed seeds, until the time is over."""
    from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: PLC0415 - one engine

    from tools import fuzz_targets  # noqa: PLC0415 - the other engine imports it its own way
    from tools.fuzz_strategies import inputs  # noqa: PLC0415 - needs Hypothesis

    target = _named(name, fuzz_targets.TARGETS)
    counted = [0]
    run = _watched(target, counted)
    end = time.monotonic() + seconds
    turn = 0
    while time.monotonic() < end:

        @seed(turn)
        @settings(
            max_examples=200,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(inputs(target))
        def some(data: bytes) -> None:
            if time.monotonic() < end:
                run(data)

        some()
        turn += 1
    print(f"{counted[0]} inputs by Hypothesis")
    return 0


def _named(name: str, known: tuple[Target, ...]) -> Target:
    return next(target for target in known if target.name == name)


def again(name: str, file: Path) -> int:
    """Run a target on a kept find."""
    from tools import fuzz_targets  # noqa: PLC0415 - as above

    _named(name, fuzz_targets.TARGETS).run(file.read_bytes())
    print("It holds now.")
    return 0


def main(arguments: list[str]) -> int:
    """Do what the arguments say."""
    name, how = arguments
    if not how.isdecimal():
        return again(name, Path(how))
    engine = by_atheris if find_spec("atheris") else by_hypothesis
    return engine(name, int(how))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
