"""``alembic.script``: one revision file. Its header is read without running it; its module is run when it is asked for."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

from gitmig import revision as values
from gitmig.compat.alembic import install
from gitmig.compat.alembic.revision import Revision
from gitmig.runtime.asraised import as_raised
from gitmig.runtime.script_module import Scripts
from gitmig.script.revisionlines import entry, line
from gitmig.script.revisionview import RevisionView

__all__ = ["Script"]


class Script(Revision):
    """One revision file. ``module`` None: it is made of the file when it is first asked for."""

    _db_current_indicator: bool | None = None

    def __init__(self, module: ModuleType, rev_id: str, path: Any) -> None:
        self.path = str(path)
        self._module: ModuleType | None = module
        self._scripts: Scripts | None = None
        self._value: values.Revision | None = None
        super().__init__(rev_id, module.down_revision, getattr(module, "depends_on", None), getattr(module, "branch_labels", None))

    @classmethod
    def of_file(cls, scripts: Scripts, id: str) -> Script:
        """The file of that id, not run yet."""
        value = scripts.revisions[id]
        script = cls.__new__(cls)
        script.path = scripts.path(id)
        script._module = None
        script._scripts = scripts
        script._value = value
        Revision.__init__(script, id, value.down, value.depends_on, value.labels)
        return script

    @classmethod
    def _from_path(cls, scriptdir: Any, path: Any) -> Script | None:
        """The revision in the file at ``path``; None where it is no revision file."""
        return scriptdir.script_at(Path(path))  # type: ignore[no-any-return]

    @property
    def module(self) -> ModuleType:
        """The file as a module, run now if it was not yet. Raises whatever it raises."""
        if self._module is None:
            assert self._scripts is not None
            install()
            with as_raised():
                self._module = self._scripts.module(self.revision)
        return self._module

    @property
    def ran(self) -> bool:
        """Whether the file was run."""
        return self._module is not None

    @property
    def value(self) -> values.Revision:
        """The header as gitmig's own value."""
        if self._value is None:
            words = (self._module.__doc__ or "").strip() if self._module is not None else ""
            self._value = values.Revision(
                self.revision,
                self._versioned_down_revisions,
                self._orig_branch_labels,
                _several(self.dependencies),
                self.path,
                words.partition("\n\n")[0],
                words,
            )
        return self._value

    @property
    def doc(self) -> str:
        """The docstring's first paragraph."""
        return self.value.doc

    @property
    def longdoc(self) -> str:
        """The docstring."""
        return self.value.longdoc

    @property
    def _script_path(self) -> str:
        return self.path

    @property
    def log_entry(self) -> str:
        """What ``history -v`` prints of it."""
        return entry(self._view())

    def __str__(self) -> str:
        return line(self._view(), parents=True, doc=True)

    def cmd_format(
        self,
        verbose: bool,
        include_branches: bool = False,
        include_doc: bool = False,
        include_parents: bool = False,
        tree_indicators: bool = True,
    ) -> str:
        """The revision on one line, or (``verbose``) in full."""
        if verbose:
            return self.log_entry
        return line(self._view(labels=include_branches), parents=include_parents, doc=include_doc, tree=tree_indicators)

    def _head_only(
        self,
        include_branches: bool = False,
        include_doc: bool = False,
        include_parents: bool = False,
        tree_indicators: bool = True,
        head_indicators: bool = True,
    ) -> str:
        view = self._view(labels=include_branches)
        if not head_indicators:
            view = view._replace(head=False, effective_head=False)
        return line(view, parents=include_parents, doc=include_doc, tree=tree_indicators)

    def _format_down_revision(self) -> str:
        return ", ".join(self._versioned_down_revisions) or "<base>"

    def _view(self, *, labels: bool = True) -> RevisionView:
        return RevisionView(
            self.value,
            tuple(sorted(self.branch_labels)) if labels else (),
            tuple(sorted(self.nextrev)),
            self.is_head,
            self.is_head and not self._is_real_head,
            self.is_branch_point,
            self.is_merge_point,
            self._db_current_indicator,
            self.path,
        )


def _several(value: Any) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)
