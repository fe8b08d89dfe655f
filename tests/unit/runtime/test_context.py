"""``context`` as a live module."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from gitmig.runtime import context


def test_outside_of_an_environment_calls_say_what_alembic_says() -> None:
    with pytest.raises(NameError, match=r"Can't invoke function 'configure', as the proxy object has not yet been established"):
        context.configure()
    with pytest.raises(AttributeError):
        _ = context.config
    with pytest.raises(ImportError):
        from gitmig.runtime.context import script  # noqa: F401


def test_inside_it_speaks_to_the_environment() -> None:
    calls: list[object] = []
    environment = SimpleNamespace(
        config="the config", run_migrations=lambda **keywords: calls.append(keywords), is_offline_mode=lambda: True
    )
    with context.active(environment):
        assert context.config == "the config"
        assert context.is_offline_mode() is True
        context.run_migrations(name="given", self="too")
    assert calls == [{"name": "given", "self": "too"}]


def test_the_proxy_answers_where_no_environment_is_active(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "_proxy", SimpleNamespace(get_tag_argument=lambda: "blue"))
    assert context.get_tag_argument() == "blue"
    with context.active(SimpleNamespace(get_tag_argument=lambda: "red")):
        assert context.get_tag_argument() == "red"
