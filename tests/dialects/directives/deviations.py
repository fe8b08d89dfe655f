"""Where gitmig's text is not Alembic's, and why. What is not named here is the same to the letter."""

# ruff: noqa: E501
from __future__ import annotations

from dataclasses import dataclass

RAISES = "raises "


@dataclass(frozen=True)
class Deviation:
    """``text`` is what gitmig writes, its white space folded; where it raises, RAISES and the exception's name stand last."""

    family: str
    title: str
    dialects: tuple[str, ...]
    text: str
    reason: str


CHECKS = "the check of the old type is dropped: it would refuse the new values"
RENAMED = "the check of the new type is said of the column's new name; Alembic's names a column that is gone"
SCHEMA = "the schema of the table is said; Alembic leaves it out and means another table"
COMPUTED = "a column that is computed, or no longer, can be said there; Alembic raises"
IDENTITY = "the default or the identity that stands in the way goes first; Alembic raises"
NOTHING = "nothing changes; Alembic prints half a statement"
SAME_NAME = "nothing changes; most databases refuse a name that is taken"
EXPRESSION = "an expression is written as one; Alembic takes it for a literal and raises"
PARAMETERS = "the parameters of a statement are written into it; Alembic writes NULL"
UNSAID = "what is wrong is said before anything is printed"
NESTED = "a batch block can open another; Alembic raises"
IN_PLACE = "ALTER TABLE does it in place; Alembic wants the table to copy it"
ORDER = "the comment stands right behind its column"
QUOTED = "names are quoted inside of the text too"
DBO = "the default schema of SQL Server is said, which Alembic does not know offline"
NO_IF = "SQLite has no IF [NOT] EXISTS for columns"
SQLITE_KEY = "a foreign key of SQLite's names no schema"
REBUILT = "SQLite adds no constraints: the table is rebuilt, for which it has to be known; nothing is printed before that is"

# fmt: off
DEVIATIONS: tuple[Deviation, ...] = (
    Deviation('columns', 'add a column unless it is there', ('sqlite',), 'ALTER TABLE s.t ADD COLUMN c INTEGER;', NO_IF),
    Deviation('columns', 'add a column with a foreign key of its own, in a schema', ('sqlite',), 'ALTER TABLE s.t ADD COLUMN c INTEGER REFERENCES u (id);', SQLITE_KEY),
    Deviation('columns', 'drop a column if it is there', ('sqlite',), 'ALTER TABLE t DROP COLUMN c;', NO_IF),
    Deviation('columns', 'drop a column with all that hangs on it', ('sqlite',), 'ALTER TABLE s."Some Table" DROP COLUMN c;', NO_IF),
    Deviation('columns', 'add an indexed column with a comment', ('postgresql',), "ALTER TABLE s.t ADD COLUMN c INTEGER; COMMENT ON COLUMN s.t.c IS 'words'; CREATE INDEX ix_s_t_c ON s.t (c);", ORDER),
    Deviation('columns', 'add an indexed column with a comment', ('mssql',), "ALTER TABLE s.t ADD c INTEGER NULL; GO execute sp_addextendedproperty 'MS_Description', N'words', 'schema', s, 'table', t, 'column', c; GO CREATE INDEX ix_s_t_c ON s.t (c); GO", ORDER),
    Deviation('columns', 'drop a column with its check', ('mssql',), "declare @const_name varchar(256) select @const_name = QUOTENAME([name]) from sys.check_constraints where parent_object_id = object_id('s.t') and col_name(parent_object_id, parent_column_id) = 'c''s' exec('alter table s.t drop constraint ' + @const_name); GO ALTER TABLE s.t DROP COLUMN [c's]; GO", QUOTED),
    Deviation('columns', 'drop a column with all that hangs on it', ('mssql',), "declare @const_name varchar(256) select @const_name = QUOTENAME([name]) from sys.default_constraints where parent_object_id = object_id('s.[Some Table]') and col_name(parent_object_id, parent_column_id) = 'c' exec('alter table s.[Some Table] drop constraint ' + @const_name); GO declare @const_name varchar(256) select @const_name = QUOTENAME([name]) from sys.check_constraints where parent_object_id = object_id('s.[Some Table]') and col_name(parent_object_id, parent_column_id) = 'c' exec('alter table s.[Some Table] drop constraint ' + @const_name); GO declare @const_name varchar(256) select @const_name = QUOTENAME([name]) from sys.foreign_keys fk join sys.foreign_key_columns fkc on fk.object_id=fkc.constraint_object_id where fkc.parent_object_id = object_id('s.[Some Table]') and col_name(fkc.parent_object_id, fkc.parent_column_id) = 'c' exec('alter table s.[Some Table] drop constraint ' + @const_name); GO ALTER TABLE s.[Some Table] DROP COLUMN IF EXISTS c; GO", QUOTED),
    Deviation('columns', 'add an indexed column with a comment', ('oracle',), "ALTER TABLE s.t ADD c INTEGER / COMMENT ON COLUMN s.t.c IS 'words' / CREATE INDEX s.ix_s_t_c ON s.t (c) /", ORDER),
    Deviation('altering', 'rename to its name', ("sqlite", 'default', 'postgresql', 'mssql', 'oracle'), '', SAME_NAME),
    Deviation('altering', 'change an enumerated type with a check', ('default', 'postgresql'), 'ALTER TABLE t DROP CONSTRAINT "old"; ALTER TABLE t ALTER COLUMN c TYPE VARCHAR(1); ALTER TABLE t RENAME c TO d; ALTER TABLE t ADD CONSTRAINT "new" CHECK (d IN (\'x\', \'y\'));', RENAMED),
    Deviation('altering', 'make it an identity that had text', ('postgresql',), 'ALTER TABLE t ALTER COLUMN c DROP DEFAULT; ALTER TABLE t ALTER COLUMN c ADD GENERATED BY DEFAULT AS IDENTITY;', IDENTITY),
    Deviation('altering', 'change an identity to the same', ('postgresql',), '', NOTHING),
    Deviation('altering', 'an identity becomes a default', ('postgresql',), "ALTER TABLE t ALTER COLUMN c DROP IDENTITY; ALTER TABLE t ALTER COLUMN c SET DEFAULT '5';", IDENTITY),
    Deviation('altering', 'drop what is computed', ('postgresql',), 'ALTER TABLE t ALTER COLUMN c DROP EXPRESSION;', COMPUTED),
    Deviation('altering', 'make it computed', ('mysql', 'mariadb'), 'ALTER TABLE t MODIFY c INTEGER GENERATED ALWAYS AS (a + 1);', COMPUTED),
    Deviation('altering', 'change what is computed', ('mysql', 'mariadb'), 'ALTER TABLE t MODIFY c INTEGER GENERATED ALWAYS AS (a + 2);', COMPUTED),
    Deviation('altering', 'change the type of what is computed', ('mysql', 'mariadb'), 'ALTER TABLE t MODIFY c BIGINT GENERATED ALWAYS AS (a + 1) STORED;', COMPUTED),
    Deviation('altering', 'rename what is computed', ('mysql', 'mariadb'), 'ALTER TABLE t CHANGE c d INTEGER GENERATED ALWAYS AS (a + 1);', COMPUTED),
    Deviation('altering', 'drop what is computed', ('mysql', 'mariadb'), 'ALTER TABLE t MODIFY c INTEGER NULL;', COMPUTED),
    Deviation('altering', 'change from an enumerated type with a check', ('mysql',), 'ALTER TABLE t DROP CHECK kind; ALTER TABLE t MODIFY c VARCHAR(20) NULL;', CHECKS),
    Deviation('altering', 'change an enumerated type with a check', ('mysql',), "ALTER TABLE t DROP CHECK old; ALTER TABLE t CHANGE c d VARCHAR(1) NULL; ALTER TABLE t ADD CONSTRAINT new CHECK (d IN ('x', 'y'));", RENAMED),
    Deviation('altering', 'change a boolean with a check to a number', ('mysql',), 'ALTER TABLE t DROP CHECK flag; ALTER TABLE t MODIFY c INTEGER NULL;', CHECKS),
    Deviation('altering', 'change from an enumerated type with a check', ('mariadb',), 'ALTER TABLE t DROP CONSTRAINT kind; ALTER TABLE t MODIFY c VARCHAR(20) NULL;', CHECKS),
    Deviation('altering', 'change an enumerated type with a check', ('mariadb',), "ALTER TABLE t DROP CONSTRAINT old; ALTER TABLE t CHANGE c d VARCHAR(1) NULL; ALTER TABLE t ADD CONSTRAINT new CHECK (d IN ('x', 'y'));", RENAMED),
    Deviation('altering', 'change a boolean with a check to a number', ('mariadb',), 'ALTER TABLE t DROP CONSTRAINT flag; ALTER TABLE t MODIFY c INTEGER NULL;', CHECKS),
    Deviation('altering', 'change an enumerated type with a check', ('mssql',), "ALTER TABLE t DROP CONSTRAINT old; GO ALTER TABLE t ALTER COLUMN c VARCHAR(1); GO EXEC sp_rename 't.c', d, 'COLUMN'; GO ALTER TABLE t ADD CONSTRAINT new CHECK (d IN ('x', 'y')); GO", RENAMED),
    Deviation('altering', 'change everything', ('oracle',), "ALTER TABLE s.t MODIFY c NOT NULL / ALTER TABLE s.t MODIFY c DEFAULT '5' / ALTER TABLE s.t MODIFY c INTEGER / COMMENT ON COLUMN s.t.c IS 'words' / ALTER TABLE s.t RENAME COLUMN c TO d /", SCHEMA),
    Deviation('altering', 'comment', ('oracle',), "COMMENT ON COLUMN s.t.c IS 'it''s' /", SCHEMA),
    Deviation('altering', 'comment with what exists', ('oracle',), "COMMENT ON COLUMN s.t.c IS 'new' /", SCHEMA),
    Deviation('altering', 'comment without the type', ('oracle',), "COMMENT ON COLUMN s.t.c IS 'new' /", SCHEMA),
    Deviation('altering', 'comment with nothing', ('oracle',), "COMMENT ON COLUMN s.t.c IS '' /", SCHEMA),
    Deviation('altering', 'drop the comment', ('oracle',), "COMMENT ON COLUMN s.t.c IS '' /", SCHEMA),
    Deviation('altering', 'drop the comment without what exists', ('oracle',), "COMMENT ON COLUMN s.t.c IS '' /", SCHEMA),
    Deviation('altering', 'an identity becomes a default', ('oracle',), "ALTER TABLE t MODIFY c DROP IDENTITY / ALTER TABLE t MODIFY c DEFAULT '5' /", IDENTITY),
    Deviation('altering', 'change an enumerated type with a check', ('oracle',), "ALTER TABLE t DROP CONSTRAINT old / ALTER TABLE t MODIFY c VARCHAR(1 CHAR) / ALTER TABLE t RENAME COLUMN c TO d / ALTER TABLE t ADD CONSTRAINT new CHECK (d IN ('x', 'y')) /", RENAMED),
    Deviation('rows', 'insert expressions', ('default', 'sqlite', 'postgresql', 'mysql', 'mariadb'), "INSERT INTO t (a, b) VALUES (coalesce(1, 2), upper('x'));", EXPRESSION),
    Deviation('rows', 'execute through the bind with parameters', ('default', 'sqlite', 'postgresql', 'mysql', 'mariadb'), 'UPDATE t SET a = 5;', PARAMETERS),
    Deviation('rows', 'insert expressions', ('mssql',), "SET IDENTITY_INSERT t ON; GO INSERT INTO t (a, b) VALUES (coalesce(1, 2), upper('x')); GO SET IDENTITY_INSERT t OFF; GO", EXPRESSION),
    Deviation('rows', 'rows that are not a list', ('mssql',), 'raises TypeError', UNSAID),
    Deviation('rows', 'rows that are not dictionaries', ('mssql',), 'raises TypeError', UNSAID),
    Deviation('rows', 'execute through the bind with parameters', ('mssql',), 'UPDATE t SET a = 5; GO', PARAMETERS),
    Deviation('rows', 'insert expressions', ('oracle',), "INSERT INTO t (a, b) VALUES (coalesce(1, 2), upper('x')) /", EXPRESSION),
    Deviation('rows', 'execute through the bind with parameters', ('oracle',), 'UPDATE t SET a = 5 /', PARAMETERS),
    Deviation('batches', 'blocks in blocks', ('default', 'sqlite', 'postgresql', 'mysql', 'mariadb'), 'UPDATE t SET a = 1; ALTER TABLE u ADD COLUMN y INTEGER; ALTER TABLE t ADD COLUMN z INTEGER;', NESTED),
    Deviation('batches', 'rebuild without the table', ('default', 'postgresql'), 'ALTER TABLE t ALTER COLUMN a SET NOT NULL;', IN_PLACE),
    Deviation('batches', 'add a column with keys in a block', ('sqlite',), 'raises ArgumentMissing', REBUILT),
    Deviation('batches', 'add a unique column in a block', ('sqlite',), 'raises ArgumentMissing', REBUILT),
    Deviation('batches', 'add a column in a block with all words', ('sqlite',), 'ALTER TABLE t ADD COLUMN z INTEGER REFERENCES u (id);', NO_IF),
    Deviation('batches', 'blocks in blocks', ('mssql',), 'UPDATE t SET a = 1; GO ALTER TABLE u ADD y INTEGER NULL; GO ALTER TABLE t ADD z INTEGER NULL; GO', NESTED),
    Deviation('batches', 'alter columns in a block', ('oracle',), "ALTER TABLE s.t MODIFY a NOT NULL / ALTER TABLE s.t RENAME COLUMN b TO c / ALTER TABLE s.t MODIFY d CLOB / ALTER TABLE s.t MODIFY e DEFAULT '5' / COMMENT ON COLUMN s.t.e IS 'words' /", SCHEMA),
    Deviation('batches', 'blocks in blocks', ('oracle',), 'UPDATE t SET a = 1 / ALTER TABLE u ADD y INTEGER / ALTER TABLE t ADD z INTEGER /', NESTED),
    Deviation('batches', 'rebuild without the table', ('oracle',), 'ALTER TABLE t MODIFY a NOT NULL /', IN_PLACE),
    Deviation("altering", "an identity becomes a default", ("sqlite",), "raises ArgumentMissing", REBUILT),
    Deviation('tables', 'comment on a table without a schema', ('mssql',), "execute sp_addextendedproperty 'MS_Description', N'new', 'schema', dbo, 'table', t; GO", DBO),
    Deviation('tables', 'drop the comment of a table without a schema', ('mssql',), "execute sp_dropextendedproperty 'MS_Description', 'schema', dbo, 'table', t; GO", DBO),
    Deviation('columns', 'add a column with a comment, no schema', ('mssql',), "ALTER TABLE t ADD c INTEGER NULL; GO execute sp_addextendedproperty 'MS_Description', N'hi', 'schema', dbo, 'table', t, 'column', c; GO", DBO),
    Deviation('altering', 'comment without a schema', ('mssql',), "exec sp_addextendedproperty 'MS_Description', N'new', 'schema', dbo, 'table', t, 'column', c; GO", DBO),
    Deviation('batches', 'add columns in a block', ('mssql',), "ALTER TABLE t ADD y INTEGER NULL; GO ALTER TABLE t ADD z VARCHAR(5) NULL; GO execute sp_addextendedproperty 'MS_Description', N'w', 'schema', dbo, 'table', t, 'column', z; GO", DBO),
)
# fmt: on

_FOUND = {(each.family, each.title, dialect): each for each in DEVIATIONS for dialect in each.dialects}
assert len(_FOUND) == sum(len(each.dialects) for each in DEVIATIONS)


def deviating(family: str, title: str, dialect: str, alembics: str) -> str | None:
    """What gitmig writes in place of Alembic's text; None where it is that text.

    Of SQLite three things hold for all cases: it has no ALTER COLUMN but RENAME, so the table is rebuilt, for which it has to be known
    (and is, when a history is printed); it keeps no comments; and no identities.
    """
    found = _FOUND.get((family, title, dialect))
    if found is not None:
        return found.text
    if dialect != "sqlite" or family not in ("altering", "tables", "batches"):
        return None
    if " ALTER COLUMN " in alembics:
        return f"{RAISES}ArgumentMissing"
    if "COMMENT ON " in alembics or (RAISES in alembics and ("comment" in title or "identity" in title)):
        return ""
    return None
