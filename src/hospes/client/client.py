"""The client: every published call, pages of lists, asynchronous tasks."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self

from hospes.client.caller import Answer
from hospes.client.errors import ApiError, TaskFailed, TaskTimeout, of_error
from hospes.client.operations import Operations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_FIRST_LOOK = 0.5
_LONGEST_PAUSE = 10.0


class Client(Operations):
    """The REST API of one installation.

    ``with Client("https://my.provider.example", token) as client:`` closes its connections. The
    published calls are methods (``get_accounts``…, see ``hospes.client.operations``); ``get``,
    ``post``… take any path. All raise ``ApiError``.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def get(self, path: str, /, **query: Any) -> Any:
        """Return the data at ``path``."""
        return self.call("GET", path, query=query).data

    def post(self, path: str, /, json: Any = None, **query: Any) -> Any:
        """Create; return the data of the answer (a task's UUID where it goes on in background)."""
        return self.call("POST", path, json=json, query=query).data

    def patch(self, path: str, /, json: Any = None, **query: Any) -> Any:
        """Change; return the data of the answer."""
        return self.call("PATCH", path, json=json, query=query).data

    def put(self, path: str, /, json: Any = None, **query: Any) -> Any:
        """Replace; return the data of the answer."""
        return self.call("PUT", path, json=json, query=query).data

    def delete(self, path: str, /, json: Any = None, **query: Any) -> Any:
        """Delete; return the data of the answer."""
        return self.call("DELETE", path, json=json, query=query).data

    def pages(self, path: str, /, **query: Any) -> Iterator[list[Any]]:
        """Go through a list, page by page (``limit`` says how long one is).

        Rows that come and go meanwhile are neither left out nor told twice.
        """
        cursor = ""
        while True:
            answer = self.call("GET", path, query={**query, "cursor": cursor})
            if not isinstance(answer.data, list):
                raise ApiError("not_a_list", f"{path} is no list", status=answer.status)
            yield answer.data
            cursor = answer.beside.get("cursor") or ""
            if not answer.beside.get("has_more") or not cursor:
                return

    def items(self, path: str, /, **query: Any) -> Iterator[Any]:
        """Go through a list, item by item."""
        for page in self.pages(path, **query):
            yield from page

    def wait(self, task: str | Answer, *, timeout: float = 600.0) -> Any:
        """Return what came of an asynchronous task, by its UUID or the call that began it.

        Raises:
            TaskFailed: it could not be done.
            TaskTimeout: it was not done within ``timeout`` seconds.
            ApiError: it cannot be asked for.

        """
        name = task.data if isinstance(task, Answer) else task
        until = time.monotonic() + timeout
        pause = _FIRST_LOOK
        while True:
            found = self.get(f"/1/async/tasks/{name}")
            if found["status"] == "executed":
                return found["response"]
            if found["status"] == "failed":
                raise of_error(found["error"], 200, TaskFailed)
            left = until - time.monotonic()
            if left <= 0:
                raise TaskTimeout("timeout", f"The task {name} is still {found['status']}.")
            time.sleep(min(pause, left))
            pause = min(_LONGEST_PAUSE, pause * 1.5)
