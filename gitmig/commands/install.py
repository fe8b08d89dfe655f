"""Installing the git hooks beside what is there, and taking them out again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gitmig.adapters import clean
from gitmig.adapters.gitrepo import Repository
from gitmig.adapters.hookfiles import (
    CHAINED,
    HOOKS,
    LEGACY,
    HookFolder,
    NewHook,
    hook_folder,
    hook_text,
    owner,
    write_hooks,
)
from gitmig.adapters.newfiles import write_project_files
from gitmig.commands.precommitfile import ENTRY, FILE, HEAD, installs_every_type, with_entry, without_entry
from gitmig.errors import CheckFailed, GitmigError

_LEFTHOOK = "\n".join(
    f"""{each.name}:
  commands:
    gitmig:
      run: gitmig hook {each.name} {{0}}
      use_stdin: true"""
    for each in HOOKS
)
_HUSKY = "\n".join(f'  .husky/{each.name}: gitmig hook {each.name} "$@"' for each in HOOKS)
_AROUND = "Or put gitmig's own hook around it: gitmig install --chain"


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, a line each, and what to type next ("" for nothing)."""

    lines: tuple[str, ...]
    next_step: str = ""


def install(repository: Repository, *, chain: bool = False, hooks_path: bool = False) -> Done:
    """Write the hooks. A hook that is there already is kept and runs first.

    Raises CheckFailed where another tool manages the hooks (unless ``chain``) or core.hooksPath is set (unless ``hooks_path``), with the
    exact text for that tool.
    """
    folder = hook_folder(repository)
    for hook in HOOKS:
        _refuse(folder, hook.name, chain, hooks_path)
    found = [_new_hook(repository, folder, hook.name) for hook in HOOKS]
    write_hooks([new for new, _ in found])
    return Done(tuple(line for _, line in found))


def renew(repository: Repository) -> tuple[str, ...]:
    """Bring the hooks that an older gitmig installed up to this one, those that it did not have included; what came of it in lines."""
    folder = hook_folder(repository)
    lines = []
    for hook in HOOKS:
        try:
            _refuse(folder, hook.name, chain=False, hooks_path=True)
            write_hooks([_new_hook(repository, folder, hook.name)[0]])
        except GitmigError as error:
            lines.append(f"gitmig: this version's {hook.name} hook could not be installed: {error.message}.\n  Next: gitmig install")
    return tuple(lines) or (f"gitmig: renewed the hooks: {', '.join(hook.name for hook in HOOKS)}.",)


def uninstall(repository: Repository) -> Done:
    """Take our hooks out; a hook that ours had moved aside is back where it was."""
    folder = hook_folder(repository)
    lines = []
    for hook in HOOKS:
        path, kept = folder.file(hook.name), folder.file(hook.name + CHAINED)
        legacy = folder.file(hook.name + LEGACY)
        ours = [each for each in (path, legacy) if owner(each, HookFolder(folder.path)) == "gitmig"]
        if not ours:
            if path.exists():
                lines.append(f"{_shown(repository, path)} is not gitmig's; it stays.")
        elif kept.exists():
            kept.replace(ours[0])
            lines.append(f"{_shown(repository, ours[0])} is again the hook that was there before.")
        else:
            ours[0].unlink()
            lines.append(f"Removed {_shown(repository, ours[0])}.")
    clean.forget(str(repository.state_folder()))
    return Done(tuple(lines) or ("No hook of gitmig's is installed here.",))


def install_precommit(repository: Repository) -> Done:
    """Write or extend .pre-commit-config.yaml. Raises GitmigError when it cannot be extended by a program."""
    path = Path(repository.top, FILE)
    before = path.read_text("utf-8") if path.exists() else None
    after = with_entry(before)
    if after == before:
        return Done((f"{FILE} has gitmig's hooks already.",))
    if before is None:
        write_project_files({path: after.encode()}, {})
    else:
        write_project_files({}, {path: after.encode()})
    done = "Wrote" if before is None else "Added gitmig's hooks to"
    types = "" if installs_every_type(after) else "".join(f" -t {hook.name}" for hook in HOOKS)
    return Done((f"{done} {FILE}.",), f"git add {FILE} && pre-commit install{types}")


def uninstall_precommit(repository: Repository) -> Done:
    """Take our entry out of .pre-commit-config.yaml, where it stands as we wrote it."""
    path = Path(repository.top, FILE)
    before = path.read_text("utf-8") if path.exists() else ""
    after = without_entry(before)
    if after == before:
        return Done((f"{FILE} has no entry that gitmig wrote.",))
    write_project_files({}, {path: after.encode()})
    return Done((f"Took gitmig's hook out of {FILE}.",))


def _refuse(folder: HookFolder, name: str, chain: bool, hooks_path: bool) -> None:
    found = owner(folder.file(name), folder)
    if found == "pre-commit" and owner(folder.file(name + LEGACY), folder) == "gitmig":
        return
    if found in ("pre-commit", "lefthook", "husky") and not chain:
        raise CheckFailed(f"{found} manages the hooks of this repository", _snippet(found))
    if folder.configured is not None and not (hooks_path or chain):
        raise CheckFailed(
            f"git takes its hooks from core.hooksPath = {folder.configured}, set in {folder.said_by}, a folder that others may share",
            "Run gitmig install --hooks-path to write there all the same.",
        )


def _new_hook(repository: Repository, folder: HookFolder, name: str) -> tuple[NewHook, str]:
    """The hook to be written, and a line that says what became of it."""
    path, text = folder.file(name), hook_text(name)
    found = owner(path, folder)
    shown = _shown(repository, path)
    legacy = folder.file(name + LEGACY)
    if found == "pre-commit" and owner(legacy, folder) == "gitmig":
        return NewHook(legacy, text), f"Wrote {_shown(repository, legacy)} again; pre-commit runs it."
    if found in ("nobody", "gitmig"):
        return NewHook(path, text), f"Wrote {shown}." if found == "nobody" else f"Wrote {shown} again."
    kept = folder.file(name + CHAINED)
    if kept.exists():
        raise GitmigError(
            f"{_shown(repository, kept)} exists, so the hook that is there now cannot be moved aside",
            "Remove it, or merge the two hooks by hand.",
        )
    return NewHook(path, text, kept), f"Wrote {shown}; the hook that was there runs first, as {_shown(repository, kept)}."


def _snippet(tool: str) -> str:
    match tool:
        case "pre-commit":
            return f"Run gitmig install --pre-commit; it adds this to {FILE}:\n\n{HEAD}repos:\n{ENTRY}\n{_AROUND}"
        case "lefthook":
            return f"Add this to lefthook.yml:\n\n{_LEFTHOOK}\n\n{_AROUND}"
        case _:
            return f"Add a line to each of these files:\n\n{_HUSKY}\n"


def _shown(repository: Repository, path: Path) -> str:
    try:
        return path.relative_to(repository.top).as_posix()
    except ValueError:
        return str(path)
