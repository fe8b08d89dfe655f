"""${message}

Revision ID: ${up_revision}
% if down_revision:
Revises: ${down_revision | comma,n}
% else:
Revises:
% endif
% if dated:
Create Date: ${create_date}
% endif
"""

import sqlalchemy as sa
from gitmig import op
% if imports:
${imports}
% endif

${assignment("revision", up_revision)}
${assignment("down_revision", down_revision)}
${assignment("branch_labels", branch_labels)}
${assignment("depends_on", depends_on)}
% if parts:


def upgrade(engine_name: str) -> None:
    globals()[f"upgrade_{engine_name}"]()


def downgrade(engine_name: str) -> None:
    globals()[f"downgrade_{engine_name}"]()
% for part in parts:


def upgrade_${part.name}() -> None:
    ${part.upgrades or "pass"}


def downgrade_${part.name}() -> None:
    ${part.downgrades or "pass"}
% endfor
% else:


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
% endif
