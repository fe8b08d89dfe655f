-- === an empty block
-- === add columns in a block
ALTER TABLE t ADD y INTEGER NULL;

GO

ALTER TABLE t ADD z VARCHAR(5) NULL;

GO

raises AttributeError

-- === add a column with keys in a block
ALTER TABLE t ADD z INTEGER NULL;

GO

ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(z) REFERENCES u (id);

GO

CREATE INDEX ix_t_z ON t (z);

GO

-- === add a unique column in a block
ALTER TABLE t ADD z INTEGER NULL;

GO

ALTER TABLE t ADD UNIQUE (z);

GO

-- === add a column in a block with all words
ALTER TABLE t ADD z INTEGER NULL;

GO

-- === add a column at a place in a block
raises CommandError

-- === alter columns in a block
ALTER TABLE s.t ALTER COLUMN a INTEGER NOT NULL;

GO

EXEC sp_rename 's.t.b', c, 'COLUMN';

GO

ALTER TABLE s.t ALTER COLUMN d TEXT NOT NULL;

GO

exec sp_updateextendedproperty 'MS_Description', N'words', 'schema', s, 'table', t, 'column', e;

GO

ALTER TABLE s.t ADD DEFAULT '5' FOR e;

GO

-- === alter a column in a block with a place
ALTER TABLE t ALTER COLUMN a INTEGER NOT NULL;

GO

-- === drop columns in a block
ALTER TABLE t DROP COLUMN a;

GO

declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'b'
exec('alter table t drop constraint ' + @const_name);

GO

ALTER TABLE t DROP COLUMN b;

GO

ALTER TABLE t DROP COLUMN c;

GO

-- === constraints in a block
ALTER TABLE s.t ADD CONSTRAINT pk PRIMARY KEY (a);

GO

ALTER TABLE s.t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES r.u (id) ON DELETE CASCADE DEFERRABLE;

GO

ALTER TABLE s.t ADD CONSTRAINT uq UNIQUE (a, b) DEFERRABLE;

GO

ALTER TABLE s.t ADD CONSTRAINT ck CHECK (a > 5);

GO

-- === constraints in a block under a convention
ALTER TABLE t ADD CONSTRAINT fk_t_a_u FOREIGN KEY(a) REFERENCES u (id);

GO

ALTER TABLE t ADD CONSTRAINT uq_t_a UNIQUE (a);

GO

ALTER TABLE t ADD CONSTRAINT ck_t_pos CHECK (a > 5);

GO

ALTER TABLE t ADD CONSTRAINT final CHECK (a > 5);

GO

CREATE INDEX ix_t_a ON t (a);

GO

-- === constraints without names in a block
ALTER TABLE t ADD UNIQUE (a);

GO

-- === a check without a name in a block
ALTER TABLE t ADD CHECK (a > 5);

GO

-- === an exclude constraint in a block
raises UnsupportedCompilationError

-- === drop constraints in a block
ALTER TABLE s.t DROP CONSTRAINT fk;

GO

ALTER TABLE s.t DROP CONSTRAINT uq;

GO

ALTER TABLE s.t DROP CONSTRAINT ck;

GO

ALTER TABLE s.t DROP CONSTRAINT pk;

GO

-- === indexes in a block
CREATE UNIQUE INDEX ix ON s.t (a, lower(b));

GO

CREATE INDEX ix2 ON s.t (a);

GO

DROP INDEX ix3 ON s.t;

GO

DROP INDEX IF EXISTS ix4 ON s.t;

GO

-- === comments in a block
execute sp_addextendedproperty 'MS_Description', N'new', 'schema', s, 'table', t;

GO

execute sp_dropextendedproperty 'MS_Description', 'schema', s, 'table', t;

GO

-- === never rebuild
ALTER TABLE t ADD z INTEGER NULL;

GO

-- === rebuild in another word
raises ValueError

-- === options that only a rebuild reads
ALTER TABLE t ADD z INTEGER NULL;

GO

-- === positional arguments
ALTER TABLE s.t ADD z INTEGER NULL;

GO

-- === a block that raises
SELECT 1;

GO

-- === blocks in blocks
UPDATE t SET a = 1;

GO

raises AttributeError

-- === rebuild without the table
raises CommandError

