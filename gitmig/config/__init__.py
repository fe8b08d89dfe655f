"""Settings as a value: what [tool.gitmig], gitmig.ini, [tool.alembic] or alembic.ini say, after parsing.

Finding and reading the files is an adapter's work; here their text becomes a `Config`.
"""

from __future__ import annotations

from gitmig.config.read import CONFIG_FILES, read_config
from gitmig.config.roles import Role, role_of_url
from gitmig.config.urls import (
    DEFAULT_BIND,
    anchor_url,
    expand_url,
    import_paths,
    literal_url,
    main_options,
    replay_dialects,
    sqlite_file,
    url_dialect,
    use_database,
    use_url,
    with_template,
)
from gitmig.config.values import (
    EMPTY,
    CheckoutSettings,
    CommitMode,
    CommitSettings,
    Config,
    DatabaseSettings,
    Hook,
    MergeSettings,
    TenantSettings,
    may_be_several,
)

__all__ = [
    "CONFIG_FILES",
    "DEFAULT_BIND",
    "EMPTY",
    "CheckoutSettings",
    "CommitMode",
    "CommitSettings",
    "Config",
    "DatabaseSettings",
    "Hook",
    "MergeSettings",
    "Role",
    "TenantSettings",
    "anchor_url",
    "expand_url",
    "import_paths",
    "literal_url",
    "main_options",
    "may_be_several",
    "read_config",
    "replay_dialects",
    "role_of_url",
    "sqlite_file",
    "url_dialect",
    "use_database",
    "use_url",
    "with_template",
]
