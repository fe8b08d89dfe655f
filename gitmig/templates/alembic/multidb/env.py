"""Runs the migrations of several databases: those that ``databases`` in the ini file names, each with a section of its own."""

import re
from logging.config import fileConfig
from pathlib import Path

from alembic import context
from sqlalchemy import engine_from_config, pool

# Both databases commit, or neither does: needs a driver that can prepare transactions.
USE_TWOPHASE = False

config = context.config

if config.config_file_name is not None:
    fileConfig(config.config_file_name)

db_names = re.split(r",\s*", config.get_main_option("databases", ""))

# The metadata of the models by the name of their database, for --autogenerate:
# from myapp.models import Base1, Base2
# target_metadata = {"engine1": Base1.metadata, "engine2": Base2.metadata}
target_metadata = {}


def run_migrations_offline() -> None:
    """Write the SQL of each database into a file of its own."""
    for name in db_names:
        with Path(f"{name}.sql").open("w") as buffer:
            context.configure(
                url=context.config.get_section_option(name, "sqlalchemy.url"),
                output_buffer=buffer,
                target_metadata=target_metadata.get(name),
                literal_binds=True,
                dialect_opts={"paramstyle": "named"},
            )
            with context.begin_transaction():
                context.run_migrations(engine_name=name)


def run_migrations_online() -> None:
    """Connect to all of them; commit when the last one is done."""
    connections = {}
    for name in db_names:
        engine = engine_from_config(context.config.get_section(name, {}), prefix="sqlalchemy.", poolclass=pool.NullPool)
        connections[name] = engine.connect()
    transactions = {name: connection.begin_twophase() if USE_TWOPHASE else connection.begin() for name, connection in connections.items()}
    try:
        for name, connection in connections.items():
            context.configure(
                connection=connection,
                upgrade_token=f"{name}_upgrades",
                downgrade_token=f"{name}_downgrades",
                target_metadata=target_metadata.get(name),
            )
            context.run_migrations(engine_name=name)
        if USE_TWOPHASE:
            for transaction in transactions.values():
                transaction.prepare()
        for transaction in transactions.values():
            transaction.commit()
    except BaseException:
        for transaction in transactions.values():
            transaction.rollback()
        raise
    finally:
        for connection in connections.values():
            connection.close()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
