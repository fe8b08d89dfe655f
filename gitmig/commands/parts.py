"""In the child process: revisions for several databases with models of their own, in the form of Alembic's multidb template.

One file has ``upgrade(engine_name)``, which calls ``upgrade_<name>()``; each database is compared and replayed by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gitmig.adapters.environ import environment
from gitmig.autogen.naming import default_message
from gitmig.autogen.several import shared
from gitmig.commands.autogenerate import Asked, Difference, Proposed, canonical, compare, sections, style_of, uses_alembic
from gitmig.commands.baseline import Source
from gitmig.commands.difftext import lines_of
from gitmig.commands.loading import Models, load_models
from gitmig.commands.newrevision import NewFile, compose, place
from gitmig.commands.partnames import engine_name, part_names
from gitmig.config import use_database
from gitmig.errors import ConfigError, UsageError
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
    for name in part_names(config, source.tree):
        if config.database not in (None, name):
            continue
        own = engine_name(config, name)
        narrowed = replace(use_database(config, name), part=own)
        models = load_models(narrowed, source.tree, x_arguments=source.x_arguments)
        if config.binds:
            kept = tuple(each for each in models.metadatas if (each.info.get("bind_key") or "") == own)
            models = replace(models, metadatas=kept)
        found.append(Part(own, name, replace(source, config=narrowed), models))
    return tuple(found)


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


def propose_parts(source: Source, parts: Sequence[Part], asked: Asked) -> Proposed:
    """The one revision that brings every database's baseline to its models. Raises as `propose` does."""
    request = asked.revision
    placement = place(source.tree, source.config, source.revisions, request)
    differences = compare_parts(parts, asked)
    whole = together(differences)
    if not any(differences.values()):
        return Proposed(whole, None)
    texts = {part.shown: _text(part, differences[part.shown]) for part in parts if differences[part.shown]}
    said = "\n".join(f"{name}\n{canonical(each)}" for name, each in differences.items() if each)
    message = request.message or default_message([step.op for each in whole.forward.values() for step in each])
    new = NewRevision(
        request.id or content_id(placement.down, said),
        message,
        placement.down,
        placement.labels,
        placement.depends_on,
        "\n".join(sorted({line for text in texts.values() for line in text.imports})),
        parts=tuple(_rendered(part, texts.get(part.shown)) for part in parts),
    )
    file = compose(
        source.tree,
        source.config,
        source.revisions.graph,
        placement,
        new,
        script_config=EnvConfig(source.config, environment()),
        extra=_tokens(parts, texts),
    )
    _check(file, source, texts)
    return Proposed(whole, file, message)


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
            found[str(part.models.options.get("upgrade_token") or f"{part.name}_upgrades")] = "\n".join(text.upgrade).strip()
            found[str(part.models.options.get("downgrade_token") or f"{part.name}_downgrades")] = "\n".join(text.downgrade).strip()
    return {name: text for name, text in found.items() if text}


def _check(file: NewFile, source: Source, texts: Mapping[str, Body]) -> None:
    """A template for one database would leave the operations out."""
    written = file.content.decode(source.config.output_encoding)
    for name, text in texts.items():
        if "\n".join(text.upgrade).strip() not in written:
            raise ConfigError(
                f"{source.config.script_location}/script.py.mako has no place for what the database '{name}' needs",
                "Delete it (gitmig's own is used then), or take that of `gitmig init -t multidb`.",
            )


def refuse_chosen(source: Source) -> None:
    """Raises UsageError where ``--database`` chose one of several: a revision has a part for each."""
    config = source.config
    if config.database is not None and (config.part is not None or config.database in [each.name for each in config.engines]):
        raise UsageError(f"a revision is for every database, not for '{config.database}' alone", "Leave out --database.")
