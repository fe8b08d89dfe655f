"""A git repository, spoken to in plumbing.

Where everything is gets resolved once and is handed to git as absolute paths, because inside a hook git's variables are relative, and
in a linked worktree or a submodule a bare `git add` in a subfolder takes that folder for the top level. Git always runs at the top.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from gitmig.errors import GitError

# What `git rev-parse --local-env-vars` prints: variables that belong to one repository and must not reach another.
LOCAL_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
    "GIT_INTERNAL_SUPER_PREFIX",
)
_OUTSIDE = ("not a git repository", "must be run in a work tree")


@dataclass(frozen=True, slots=True)
class Repository:
    """One work tree of a repository. All paths are absolute.

    ``top`` is the top of the work tree (symbolic links resolved), ``git_dir`` this work tree's own git directory, ``common_dir`` the one
    shared by linked worktrees, ``index_file`` the index of the commit under way (git's own choice inside a hook). ``environment`` is what
    every git process gets. ``committing`` tells whether a git hook of a commit is what started this process.
    """

    top: str
    git_dir: str
    common_dir: str
    index_file: str
    committing: bool = False
    environment: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def git(self, *arguments: str, stdin: bytes = b"", index_file: str | None = None) -> bytes:
        """Run git at the top and return its stdout. Raises GitError with git's own sentence when it fails."""
        done = self.attempt(*arguments, stdin=stdin, index_file=index_file)
        if done.returncode:
            raise GitError(f"git {arguments[0]} failed: {_sentence(done.stderr)}")
        return done.stdout

    def attempt(self, *arguments: str, stdin: bytes = b"", index_file: str | None = None) -> subprocess.CompletedProcess[bytes]:
        """Run git at the top and return what came of it, whatever its exit code."""
        environment = self.environment if index_file is None else {**self.environment, "GIT_INDEX_FILE": index_file}
        return _run(arguments, self.top, environment, stdin)

    def start(self, *arguments: str, stdin: bytes = b"") -> Running:
        """Start git without waiting for it, so that several questions are answered side by side. ``stdin`` must be short."""
        process = _spawn(arguments, self.top, self.environment, pipe=bool(stdin))
        if process.stdin is not None:
            process.stdin.write(stdin)
            process.stdin.close()
            process.stdin = None
        return Running(process, arguments[0])

    def with_index(self, index_file: str) -> Repository:
        """The same repository, speaking of another index."""
        environment = {**self.environment, "GIT_INDEX_FILE": index_file}
        return replace(self, index_file=index_file, environment=environment)

    def prefix(self, folder: str | os.PathLike[str]) -> str:
        """``folder`` relative to the top, posix, with a slash at the end; "" for the top itself.

        Raises GitError when it lies outside.
        """
        inside = relative_to(self.top, os.path.realpath(folder))
        if inside is None:
            raise GitError(f"{folder} is outside the repository at {self.top}", "Run gitmig inside the repository.")
        return f"{inside}/" if inside else ""

    def state_folder(self) -> Path:
        """Where gitmig keeps what it remembers about this work tree; made when something is written."""
        return Path(self.git_dir, "gitmig")

    def under_way(self) -> str | None:
        """The operation of git that is not finished yet ("rebase", "cherry-pick", "revert", "am"), or None. A merge is none of them."""
        for name, what in (
            ("rebase-merge", "rebase"),
            ("rebase-apply/applying", "am"),
            ("rebase-apply", "rebase"),
            ("CHERRY_PICK_HEAD", "cherry-pick"),
            ("REVERT_HEAD", "revert"),
        ):
            if os.path.exists(os.path.join(self.git_dir, name)):
                return what
        return None

    def has_unmerged(self) -> bool:
        """Whether the index holds conflicts that are not resolved."""
        return bool(self.git("ls-files", "-u", "-z"))

    def describe(self) -> dict[str, Any]:
        """The repository as JSON, for the child; `described` reads it."""
        return {
            "top": self.top,
            "git_dir": self.git_dir,
            "common_dir": self.common_dir,
            "index_file": self.index_file,
            "committing": self.committing,
            "variables": {name: text for name, text in self.environment.items() if name.startswith("GIT_")},
        }


class Running:
    """A git process under way; `result` and `finish` wait for it."""

    def __init__(self, process: subprocess.Popen[bytes], name: str) -> None:
        self._process = process
        self._name = name

    def result(self) -> bytes:
        """Its stdout. Raises GitError when it failed."""
        out, err = self._process.communicate()
        if self._process.returncode:
            raise GitError(f"git {self._name} failed: {_sentence(err)}")
        return out

    def finish(self) -> tuple[int, bytes]:
        """Its exit code and its stdout."""
        out, _ = self._process.communicate()
        return self._process.returncode, out


class Blobs:
    """Contents of objects, read through one `git cat-file --batch` that starts at the first question and ends with `close`."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Blobs:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def read(self, oid: str) -> bytes:
        """The content of one object. Raises GitError when the repository lacks it."""
        if self._process is None:
            self._process = _spawn(("cat-file", "--batch"), self._repository.top, self._repository.environment, pipe=True)
        given, answer = _pipes(self._process)
        given.write(oid.encode() + b"\n")
        given.flush()
        header = answer.readline().split()
        if len(header) != 3:
            raise GitError(f"git has no object {oid}", "Run git fsck; a partial clone may need git fetch --refetch first.")
        content = answer.read(int(header[2]))
        answer.read(1)
        return content

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate()
            self._process = None


def discover(start: str | os.PathLike[str] | None = None) -> Repository:
    """The repository that ``start`` (default: the current folder) lies in.

    Git's variables (GIT_DIR, GIT_INDEX_FILE, ...) count when the repository that they name holds ``start``. Raises GitError: no git
    binary, outside a repository, a bare repository.
    """
    folder = os.path.abspath(start) if start is not None else os.getcwd()
    inherited = {name: os.environ[name] for name in LOCAL_VARIABLES if name in os.environ}
    if inherited:
        found = _ask(os.getcwd(), dict(os.environ))
        if found is not None and relative_to(found.top, os.path.realpath(folder)) is not None:
            return found
    found = _ask(folder, without_local_variables(os.environ))
    if found is None:
        raise GitError(
            f"{folder} is not inside a git work tree",
            "Run git init, or change to the folder of your project.",
        )
    return found


def described(data: Mapping[str, Any]) -> Repository:
    """The repository that `Repository.describe` told of."""
    return _repository(data["top"], data["git_dir"], data["common_dir"], data["index_file"], data["committing"], dict(os.environ))


def without_local_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """``environment`` as another repository may see it."""
    return {name: value for name, value in environment.items() if name not in LOCAL_VARIABLES}


def relative_to(top: str, path: str) -> str | None:
    """``path`` relative to ``top``, posix; "" for ``top`` itself, None when it lies outside. Both absolute and without links."""
    if os.path.normcase(path) == os.path.normcase(top):
        return ""
    start = top if top.endswith(os.sep) else top + os.sep
    if not os.path.normcase(path).startswith(os.path.normcase(start)):
        return None
    return path[len(start) :].replace(os.sep, "/")


def split_nul(output: bytes) -> list[str]:
    """The NUL-terminated texts of a `-z` output. Bytes that are no UTF-8 survive as surrogates, as in os.fsdecode."""
    return [os.fsdecode(each) for each in output.split(b"\0") if each]


def join_nul(texts: Iterable[str]) -> bytes:
    """The opposite of `split_nul`."""
    return b"".join(os.fsencode(text) + b"\0" for text in texts)


def _ask(folder: str, environment: dict[str, str]) -> Repository | None:
    questions = ("--is-bare-repository", "--absolute-git-dir", "--git-common-dir", "--show-toplevel")
    done = _run(("rev-parse", *questions), folder, environment, b"")
    lines = os.fsdecode(done.stdout).split("\n")
    if done.returncode:
        said = os.fsdecode(done.stderr)
        if lines[0] == "true":
            raise GitError(
                f"{lines[1]} is a bare repository, without files to look at",
                "Run gitmig in a clone or in a worktree (git worktree add).",
            )
        if any(words in said for words in _OUTSIDE):
            return None
        raise GitError(f"git does not open the repository: {_sentence(done.stderr)}")
    _, git_dir, common_dir, top = lines[:4]
    index_file = environment.get("GIT_INDEX_FILE")
    return _repository(
        os.path.realpath(top),
        os.path.normpath(git_dir),
        os.path.normpath(os.path.join(folder, common_dir)),
        os.path.join(folder, index_file) if index_file else os.path.join(git_dir, "index"),
        index_file is not None,
        environment,
    )


def _repository(top: str, git_dir: str, common_dir: str, index_file: str, committing: bool, environment: dict[str, str]) -> Repository:
    environment.pop("GIT_PREFIX", None)
    return Repository(
        top=top,
        git_dir=git_dir,
        common_dir=common_dir,
        index_file=index_file,
        committing=committing,
        environment={
            **environment,
            "GIT_DIR": git_dir,
            "GIT_WORK_TREE": top,
            "GIT_INDEX_FILE": index_file,
            # A hook must not try to refresh an index that git holds locked.
            "GIT_OPTIONAL_LOCKS": "0",
            "LC_ALL": "C",
        },
    )


def _spawn(arguments: Sequence[str], folder: str, environment: Mapping[str, str], *, pipe: bool = False) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            ("git", *arguments),
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE if pipe else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except FileNotFoundError as error:
        raise _absent(folder) from error


def _run(arguments: Sequence[str], folder: str, environment: Mapping[str, str], stdin: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(("git", *arguments), cwd=folder, env=environment, input=stdin, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise _absent(folder) from error


def _absent(folder: str) -> GitError:
    if not os.path.isdir(folder):
        return GitError(f"the folder {folder} does not exist")
    return GitError("there is no git on PATH, and this needs it", "Install git, or add it to PATH.")


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None and process.stdout is not None
    return process.stdin, process.stdout


def _sentence(stderr: bytes) -> str:
    lines = [line.strip() for line in os.fsdecode(stderr).splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (fatal or lines or ["no reason given"])[0].removeprefix("fatal: ").removeprefix("error: ")
