"""From the bases that were found to the line of configuration that loads them."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from gitmig.script.models import Base, ModelsFound
from gitmig.script.pysource import Module, Sources


@dataclass(frozen=True, slots=True)
class Candidate:
    """A base with the ``models`` that load it and everything declared on it, and the folders that must be on the import path."""

    base: Base
    models: tuple[str, ...]
    import_roots: tuple[str, ...]

    def line(self) -> str:
        """The line of TOML to type."""
        quoted = ", ".join(f'"{each}"' for each in self.models)
        return f"models = [{quoted}]"


def candidates(sources: Sources, found: ModelsFound) -> tuple[Candidate, ...]:
    """One candidate a base: those with tables, or all of them where none has any; most tables first."""
    with_tables = [base for base in found.bases if base.tables]
    chosen = with_tables or [base for base in found.bases if base.kind != "metadata"] or list(found.bases)
    chosen.sort(key=lambda base: (-len(base.tables), base.path, base.line))
    return tuple(_candidate(sources, base) for base in chosen)


def _candidate(sources: Sources, base: Base) -> Candidate:
    modules = list(dict.fromkeys(table.module for table in base.tables)) or [base.module or base.name.rpartition(".")[0]]
    models = _one_module(sources, base, modules) or _package(modules) or _module_by_module(sources, base, modules)
    involved = {*modules, *([base.module] if base.module else [])}
    roots = sorted({sources.modules[name].root for name in involved if name in sources.modules} - {""})
    return Candidate(base, models, tuple(roots))


def _one_module(sources: Sources, base: Base, modules: Iterable[str]) -> tuple[str, ...]:
    """The module that knows the base by name and imports all the others; of several, the one that imports least."""
    needed = set(modules)
    fitting: list[tuple[bool, int, str, str]] = []
    for module in sources.modules.values():
        attribute = _name_of(sources, module, base)
        if attribute is None or (module.name != base.module and _one_of_many(module.name, needed)):
            continue
        closure = sources.closure(module.name)
        if needed <= closure:
            fitting.append((module.name != base.module, len(closure), module.name, attribute))
    if not fitting:
        return ()
    # The base's own module is where people look first; it is taken as soon as importing it brings all the tables.
    _, _, name, attribute = min(fitting)
    return (f"{name}:{attribute}",)


def _one_of_many(name: str, modules: set[str]) -> bool:
    """Whether ``name`` holds tables as others beside it do: it may bring them all today, by way of its package, and lack the next one."""
    return name in modules and any(each != name and not each.startswith(f"{name}.") for each in modules)


def _package(modules: Iterable[str]) -> tuple[str, ...]:
    """Every module below the innermost package that holds them all."""
    packages = [name.split(".")[:-1] for name in modules]
    common: list[str] = []
    for parts in zip(*packages, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return (f"{'.'.join(common)}.**",) if common else ()


def _module_by_module(sources: Sources, base: Base, modules: Iterable[str]) -> tuple[str, ...]:
    lines: list[str] = []
    covered: set[str] = set()
    for name in modules:
        if name in covered or name not in sources.modules:
            continue
        attribute = _name_of(sources, sources.modules[name], base)
        label = next((table.label for table in base.tables if table.module == name and table.label != "Table"), None)
        lines.append(f"{name}:{attribute or label}" if attribute or label else name)
        covered |= sources.closure(name)
    return tuple(lines)


def _name_of(sources: Sources, module: Module, base: Base) -> str | None:
    """The name by which ``module`` knows ``base``: its own, or another that was given to it on import."""
    if module.name == base.module:
        return base.attribute
    known = [base.attribute, *sorted(name for name in {*module.names, *module.values} if name != base.attribute)]
    for name in known:
        if sources.resolve(module, ast.Name(name)) in (base.name, f"{base.name}.metadata"):
            return name
    if base.kind == "sqlmodel":
        return "SQLModel" if module.names.get("SQLModel", "").startswith("sqlmodel.") else None
    return None
