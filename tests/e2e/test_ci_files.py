"""The workflow files in docs/ci: every line of them that is a script runs here, on a bare remote, against stand-ins for the services."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from gitmig.cli.main import cli
from tests.e2e.gitkit import Ran, Repo

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "ci"
GH = """#!/bin/sh
echo "$@" >>"$GH_LOG"
case "$*" in
  *"pr list"*) echo 7 ;;
  *"--jq .body"*) cat "$GH_BODY" ;;
  *--paginate*) [ ! -f "$GH_BODY" ] || echo 99 ;;
  *body=@*) cp report.md "$GH_BODY" ;;
esac
"""


def read(name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load((FOLDER / name).read_text())
    return found


def steps(job: str) -> dict[str, str]:
    return {each["name"]: each["run"] for each in read("github.yml")["jobs"][job]["steps"] if "run" in each}


def gitlab(job: str) -> str:
    found = read("gitlab.yml")
    return "\n".join([*found[".migrations"]["before_script"][1:], *found[job]["script"]])


def test_every_gitmig_command_in_the_files_exists_with_its_options() -> None:
    context = click.Context(cli)
    lines = [line for name in ("github.yml", "gitlab.yml") for line in (FOLDER / name).read_text().splitlines()]
    lines += (FOLDER.parent / "ci.md").read_text().splitlines()
    used = [found for line in lines for found in re.findall(r"gitmig (check|heads|upgrade)\b([^|>;`&#]*)", line)]
    assert {name for name, _ in used} == {"check", "heads", "upgrade"}
    for name, words in used:
        command = cli.get_command(context, name)
        assert command is not None
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", words)) <= known, (name, words)


def test_both_services_look_in_the_same_way() -> None:
    script = steps("branch")["Look at the branch"].removesuffix("exit $failed\n")
    assert script in [*read("gitlab.yml")["migrations"]["script"]]


def script(repo: Repo, text: str, bin: Path, **variables: str) -> Ran:
    bin.mkdir(exist_ok=True)
    for name, content in (
        ("gitmig", f'#!/bin/sh\nexec {sys.executable} -m gitmig "$@"\n'),
        ("python", f'#!/bin/sh\nexec {sys.executable} "$@"\n'),
    ):
        (bin / name).write_text(content)
        (bin / name).chmod(0o755)
    environment = {"PATH": f"{bin}:/usr/local/bin:/usr/bin:/bin", **variables}
    return repo.run("bash", "-e", "-c", text, env=environment)


def forked(repo: Repo) -> None:
    """The branch feature, checked out as a server does, and main on the remote, each with a revision; the feature is also request 7."""
    for branch, path in (("feature", "models.py"), ("main", "orders.py")):
        repo.git("switch", "-q", *(["-c"] if branch == "feature" else []), branch)
        repo.write(path, repo.read(path) + "    nick: Mapped[str | None]\n")
        repo.git("commit", "-qam", f"nick on {branch}")
    repo.git("push", "-q", "--no-verify", "origin", "main", "feature", "feature:refs/pull/7/head", "feature:refs/merge-requests/7/head")
    repo.git("switch", "-q", "--detach", "feature")
    repo.git("branch", "-q", "-D", "feature", "main")


def fresh(repo: Repo) -> None:
    """As main is checked out by a server that never had the branch."""
    repo.git("switch", "-q", "-c", "main", "origin/main")
    repo.git("reflog", "expire", "--expire=now", "--all")


def test_github(pushed: Repo, tmp_path: Path) -> None:
    forked(pushed)
    body, log = tmp_path / "body.md", tmp_path / "gh.log"
    bin = tmp_path / "bin"
    bin.mkdir()
    (bin / "gh").write_text(GH)
    (bin / "gh").chmod(0o755)
    names = {"GH_BODY": str(body), "GH_LOG": str(log), "GITHUB_REPOSITORY": "o/r", "PR": "7", "GITHUB_REF_NAME": "main"}
    look, comment = steps("branch")["Look at the branch"], steps("branch")["Comment"]
    ran = script(pushed, look, bin, BASE="origin/main", **names)
    assert ran.code == 1, ran
    for words in ("No new upgrade operations detected.", "The merge would have 2 heads", "are independent", "ADD COLUMN nick"):
        assert words in ran.out
    assert script(pushed, comment, bin, **names).code == 0
    assert body.read_text() == ran.out

    fresh(pushed)
    again = steps("open-branches")["Look at every open branch again"]
    assert script(pushed, again, bin, **names).code == 0
    updated = body.read_text()
    assert "The merge would have 2 heads" in updated
    assert "models and scripts were not run" in updated
    assert (updated.count("<!-- merged -->"), updated.count("<!-- end -->")) == (1, 1)
    assert "ADD COLUMN nick" in updated
    assert [line for line in log.read_text().splitlines() if "body=@" in line] == [
        "api repos/o/r/issues/7/comments -F body=@report.md",
        "api -X PATCH repos/o/r/issues/comments/99 -F body=@report.md",
    ]


@pytest.mark.nightly
def test_gitlab(pushed: Repo, tmp_path: Path) -> None:
    forked(pushed)
    with service() as (address, notes, asked):
        names = {"CI_API_V4_URL": address, "CI_PROJECT_ID": "1", "GITMIG_TOKEN": "x", "CI_COMMIT_BRANCH": "main"}
        names |= {"CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_COMMIT_SHA": pushed.head()}
        ran = script(pushed, gitlab("migrations"), tmp_path / "bin", **names)
        assert ran.code == 1, ran
        assert "are independent" in notes[1]["body"]
        fresh(pushed)
        ran = script(pushed, gitlab("migrations-open-branches"), tmp_path / "bin", **names)
        assert ran.code == 0, ran
        assert "models and scripts were not run" in notes[1]["body"]
        assert notes[1]["body"].count("<!-- merged -->") == 1
        assert "ADD COLUMN nick" in notes[1]["body"]
        assert [method for method, _ in asked if method != "GET"] == ["POST", "PUT"]


@contextmanager
def service() -> Iterator[tuple[str, dict[int, dict[str, Any]], list[tuple[str, str]]]]:
    """A stand-in for the service's notes on request 7."""
    notes: dict[int, dict[str, Any]] = {}
    asked: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            first = self.path.endswith("page=1")
            self._answer(([*notes.values()] if "/notes" in self.path else [{"iid": 7}]) if first else [])

        def do_POST(self) -> None:
            notes[1] = {"id": 1, **self._data()}
            self._answer(notes[1])

        def do_PUT(self) -> None:
            notes[1].update(self._data())
            self._answer(notes[1])

        def _data(self) -> Any:
            return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, data: object) -> None:
            asked.append((self.command, self.path))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(data).encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", notes, asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
