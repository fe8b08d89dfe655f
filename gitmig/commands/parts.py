"""In the child process: revisions for several databases with models of their own, in the form of Alembic's multidb template.

One file has ``upgrade(engine_name)``, which calls ``upgrade_<name>()``; each database is compared and replayed by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gitmig.adapters.environ import environment
from gitmig.autogen.naming import default_message
from gitmig.autogen.several import shared
from gitmig.commands.autogenerate import (
    Asked,
    Difference,
    canonical,
    compare,
    require_lines,
    sections,
    style_of,
    uses_alembic,
)
from gitmig.commands.baseline import Source
from gitmig.commands.difftext import lines_of
from gitmig.commands.loading import Models, load_models
from gitmig.commands.newrevision import NewFile, Placement, compose
from gitmig.commands.partnames import engine_name, part_names
from gitmig.config import use_database
from gitmig.errors import UsageError
from gitmig.runtime.envconfig import EnvConfig
from gitmig.script.body import Body, body
from gitmig.script.identity import content_id
from gitmig.script.template import NewRevision, RevisionPart


@dataclass(frozen=True, slots=True)
class Part:
    """One database: ``name`` is what ``upgrade(engine_name)`` is given, ``shown`` what people call it. ``source`` is the project as that
    database sees it."""

    name: str
    shown: str
    source: Source
    models: Models


def load_parts(source: Source) -> tuple[Part, ...]:
    """Each database with its models, or the chosen one; none where the project has one. Raises ModelsError, ConfigError."""
    config = source.config
    found = []
    for part in bare_parts(source):
        models = load_models(part.source.config, source.tree, x_arguments=source.x_arguments)
        if config.binds:
            kept = tuple(each for each in models.metadatas if (each.info.get("bind_key") or "") == part.name)
            models = replace(models, metadatas=kept)
        found.append(replace(part, models=models))
    return tuple(found)


def bare_parts(source: Source) -> tuple[Part, ...]:
    """As `load_parts`, without models: for a project that names none. Raises ModelsError, ConfigError."""
    config = source.config
    names = [name for name in part_names(config, source.tree) if config.database in (None, name)]
    return tuple(_part(source, name, engine_name(config, name)) for name in names)


def _part(source: Source, name: str, own: str) -> Part:
    return Part(own, name, replace(source, config=replace(use_database(source.config, name), part=own)), Models(()))


def compare_parts(parts: Sequence[Part], asked: Asked) -> dict[str, Difference]:
    """What each database's models ask for, by the name that people know. Raises as `compare` does."""
    return {part.shown: compare(part.source, part.models, asked.against) for part in parts}


def together(differences: Mapping[str, Difference]) -> Difference:
    """All of them as one; its changes say of which database they are."""
    forward = {name: next(iter(each.forward.values()), ()) for name, each in differences.items() if each}
    back = {name: next(iter(each.back.values()), ()) for name, each in differences.items() if each}
    findings = tuple(
        replace(finding, summary=f"{name}: {finding.summary}") for name, each in differences.items() for finding in each.findings
    )
    opaque = dict.fromkeys(text for each in differences.values() for text in each.opaque)
    messages = dict.fromkeys(text for each in differences.values() for text in each.messages)
    return Difference(forward, back, findings, tuple(opaque), tuple(messages))


def part_lines(parts: Sequence[Part], differences: Mapping[str, Difference], form: str) -> dict[str, list[str]]:
    """As `lines_of`, for each database under its name."""
    found: dict[str, list[str]] = {}
    for part in parts:
        difference = differences[part.shown]
        if difference:
            for lines in lines_of(part.source, part.models, difference, form).values():
                found.setdefault(part.shown, []).extend(lines)
    return found


def revision_id(placement: Placement, differences: Mapping[str, Difference]) -> str:
    """As `gitmig.commands.autogenerate.revision_id`, for several databases."""
    said = "\n".join(f"{name}\n{canonical(each)}" for name, each in differences.items() if each)
    return content_id(placement.down, said)


def title(differences: Mapping[str, Difference]) -> str:
    """What the revision says where nobody said anything."""
    return default_message([step.op for each in together(differences).forward.values() for step in each])


def write_parts(
    source: Source,
    parts: Sequence[Part],
    differences: Mapping[str, Difference],
    placement: Placement,
    id: str,
    message: str,
    imports: Iterable[str] = (),
) -> NewFile:
    """The file with what each database needs in its own place. Raises as `written` does."""
    texts = {part.shown: _text(part, differences[part.shown]) for part in parts if differences[part.shown]}
    lines = {*imports, *(line for text in texts.values() for line in text.imports)}
    rendered = tuple(_rendered(part, texts.get(part.shown)) for part in parts)
    new = NewRevision(id, message, placement.down, placement.labels, placement.depends_on, "\n".join(sorted(lines)), parts=rendered)
    extra = {name: value for part in parts for name, value in (part.models.options.get("template_args") or {}).items()}
    extra.update(_tokens(parts, texts))
    graph = source.revisions.graph
    shown = EnvConfig(source.config, environment())
    file = compose(source.tree, source.config, graph, placement, new, script_config=shown, extra=extra)
    for name, text in texts.items():
        require_lines(file, source, "\n".join(text.upgrade).strip(), name)
    return file


def _text(part: Part, difference: Difference) -> Body:
    style = style_of(part.models, tuple(difference.forward), alembic=uses_alembic(part.source))
    forward, back = shared(difference.forward), shared(difference.back)
    return body(sections(forward, difference.forward), sections(back, difference.back), style)


def _rendered(part: Part, text: Body | None) -> RevisionPart:
    if text is None:
        return RevisionPart(part.name)
    return RevisionPart(part.name, "\n".join(text.upgrade).strip(), "\n".join(text.downgrade).strip())


def _tokens(parts: Sequence[Part], texts: Mapping[str, Body]) -> dict[str, object]:
    """What a template of Alembic's form looks for: "<name>_upgrades", or the tokens that env.py gives."""
    found: dict[str, object] = {}
    for part in parts:
        text = texts.get(part.shown)
        if text is not None:
            upgrade, downgrade = tokens_of(part)
            found[upgrade], found[downgrade] = "\n".join(text.upgrade).strip(), "\n".join(text.downgrade).strip()
    return {name: text for name, text in found.items() if text}


def tokens_of(part: Part) -> tuple[str, str]:
    """The names under which the template finds the part's lines."""
    options = part.models.options
    upgrade, downgrade = options.get("upgrade_token"), options.get("downgrade_token")
    return str(upgrade or f"{part.name}_upgrades"), str(downgrade or f"{part.name}_downgrades")


def refuse_chosen(source: Source) -> None:
    """Raises UsageError where ``--database`` chose one of several: a revision has a part for each."""
    config = source.config
    if config.database is not None and (config.part is not None or config.database in [each.name for each in config.engines]):
        raise UsageError(f"a revision is for every database, not for '{config.database}' alone", "Leave out --database.")
