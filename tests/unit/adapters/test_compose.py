"""Service names of compose files."""

from __future__ import annotations

from pathlib import Path

from gitmig.adapters.compose import compose_services

TEXT = """\
# services:
name: shop
services:  # ours
    db:
        image: postgres:16
        container_name: shop_db
        environment:
            POSTGRES_DB: shop

    "cache":
        image: redis
volumes:
    data: {}
"""


def test_services_of_the_project_and_of_folders_above_up_to_git_s_top(tmp_path: Path) -> None:
    top = tmp_path / "outer" / "top"
    (top / "app" / ".git").parent.mkdir(parents=True)
    (top / ".git").mkdir()
    (top / "docker-compose.yml").write_text(TEXT)
    (top / "app" / "compose.override.yaml").write_text("services:\n  mail:\n    image: x\n")
    (tmp_path / "outer" / "compose.yml").write_text("services:\n  foreign:\n    image: x\n")
    assert compose_services(top / "app") == {"db", "shop_db", "cache", "mail"}


def test_no_file_no_service(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert compose_services(tmp_path) == frozenset()
