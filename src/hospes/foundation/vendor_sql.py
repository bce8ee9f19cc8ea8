"""Migration steps that Django has no words for: statements for each kind of database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState


class VendorSql(Operation):
    """Runs what ``making`` returns, and to undo it what ``undoing`` returns.

    ``vendor`` is ``sqlite`` or ``postgresql``. A later step that rebuilds a table repeats it.
    """

    reduces_to_sql = True
    reversible = True

    def making(self, vendor: str) -> tuple[str, ...]:
        """Return the statements."""
        raise NotImplementedError

    def undoing(self, vendor: str) -> tuple[str, ...]:
        """Return what takes it back."""
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the models' state: Django does not know of triggers."""

    def database_forwards(
        self,
        app_label: str,  # noqa: ARG002 - Django's signature
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 - Django's signature
        to_state: ProjectState,  # noqa: ARG002 - Django's signature
    ) -> None:
        """Run the statements."""
        for statement in self.making(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,  # noqa: ARG002 - Django's signature
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 - Django's signature
        to_state: ProjectState,  # noqa: ARG002 - Django's signature
    ) -> None:
        """Take it back."""
        for statement in self.undoing(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)
