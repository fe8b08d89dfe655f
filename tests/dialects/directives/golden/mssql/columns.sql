-- === add a column
ALTER TABLE t ADD c INTEGER NULL;

GO

-- === add a column to a table of a schema
ALTER TABLE [s s].t ADD c INTEGER NULL;

GO

-- === add a column that is quoted
ALTER TABLE t ADD [order by] INTEGER NULL;

GO

-- === add a column unless it is there
ALTER TABLE s.t ADD c INTEGER NULL;

GO

-- === add a column, if_not_exists False
ALTER TABLE t ADD c INTEGER NULL;

GO

-- === add a column that is not null
ALTER TABLE t ADD c VARCHAR(5) NOT NULL DEFAULT 'x';

GO

-- === add a column with a function as default
ALTER TABLE t ADD c DATETIME NULL DEFAULT CURRENT_TIMESTAMP;

GO

-- === add a column with text as default
ALTER TABLE t ADD c INTEGER NULL DEFAULT (1 + 2);

GO

-- === add a column with a boolean as default
ALTER TABLE t ADD c BIT NOT NULL DEFAULT 1;

GO

-- === add a column with a comment
ALTER TABLE s.t ADD c INTEGER NULL;

GO

execute sp_addextendedproperty 'MS_Description', N'it''s', 'schema', s, 'table', t, 'column', c;

GO

-- === add a column with a comment, no schema
ALTER TABLE t ADD c INTEGER NULL;

GO

raises AttributeError

-- === add a column with a default of Python's
ALTER TABLE t ADD c INTEGER NULL;

GO

-- === add a column with a foreign key
ALTER TABLE t ADD c INTEGER NULL;

GO

ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(c) REFERENCES u (id) ON DELETE CASCADE;

GO

-- === add a column with a foreign key without a name
ALTER TABLE t ADD c INTEGER NULL;

GO

ALTER TABLE t ADD FOREIGN KEY(c) REFERENCES u (id);

GO

-- === add a column with a foreign key in schemas
ALTER TABLE s.t ADD c INTEGER NULL;

GO

ALTER TABLE s.t ADD CONSTRAINT fk FOREIGN KEY(c) REFERENCES s.u (id);

GO

-- === add a column with a foreign key under a convention
ALTER TABLE t ADD c INTEGER NULL;

GO

ALTER TABLE t ADD CONSTRAINT fk_t_c_u FOREIGN KEY(c) REFERENCES u (id);

GO

-- === add a column with a foreign key to the same table
ALTER TABLE t ADD c INTEGER NULL;

GO

ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(c) REFERENCES t (id);

GO

-- === add a column with a foreign key and every clause
ALTER TABLE t ADD c INTEGER NULL;

GO

ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(c) REFERENCES u (id) MATCH FULL ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;

GO

-- === add a column with a key to a column object
ALTER TABLE t ADD c BIGINT NULL;

GO

ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(c) REFERENCES u (id);

GO

-- === add a column with a foreign key of its own
ALTER TABLE t ADD c INTEGER NULL;

GO

-- === add a column with a foreign key of its own, in a schema
ALTER TABLE s.t ADD c INTEGER NULL;

GO

-- === add a column of its own without a key
ALTER TABLE t ADD c INTEGER NULL;

GO

-- === add a column that is a key
ALTER TABLE t ADD c INTEGER NOT NULL IDENTITY;

GO

-- === add a column that is the key of its own
ALTER TABLE t ADD c INTEGER NOT NULL IDENTITY;

GO

-- === add a counted column that is no key
ALTER TABLE t ADD c INTEGER NOT NULL IDENTITY;

GO

-- === add a big key
ALTER TABLE t ADD c BIGINT NOT NULL;

GO

-- === add a unique column
ALTER TABLE t ADD c INTEGER NULL;

GO

ALTER TABLE t ADD UNIQUE (c);

GO

-- === add a unique column under a convention
ALTER TABLE t ADD c INTEGER NULL;

GO

ALTER TABLE t ADD CONSTRAINT uq_t_c UNIQUE (c);

GO

-- === add an indexed column
ALTER TABLE s.t ADD c INTEGER NULL;

GO

CREATE INDEX ix_s_t_c ON s.t (c);

GO

-- === add an indexed column under a convention
ALTER TABLE t ADD c INTEGER NULL;

GO

CREATE INDEX ix_t_c ON t (c);

GO

-- === add a unique indexed column
ALTER TABLE t ADD c INTEGER NULL;

GO

CREATE UNIQUE INDEX ix_t_c ON t (c);

GO

-- === add a column with a check
ALTER TABLE t ADD c INTEGER NULL;

GO

-- === add a column with a check without a name
ALTER TABLE t ADD c INTEGER NULL;

GO

-- === add a column with a check under a convention
ALTER TABLE t ADD c INTEGER NULL;

GO

-- === add a column with everything
ALTER TABLE s.t ADD c INTEGER NOT NULL DEFAULT '1';

GO

ALTER TABLE s.t ADD CONSTRAINT fk FOREIGN KEY(c) REFERENCES u (id);

GO

CREATE UNIQUE INDEX ix_s_t_c ON s.t (c);

GO

-- === add an indexed column with a comment
ALTER TABLE s.t ADD c INTEGER NULL;

GO

CREATE INDEX ix_s_t_c ON s.t (c);

GO

execute sp_addextendedproperty 'MS_Description', N'words', 'schema', s, 'table', t, 'column', c;

GO

-- === add an enumerated column
ALTER TABLE t ADD c VARCHAR(1) NULL;

GO

-- === add an enumerated column with a check
ALTER TABLE t ADD c VARCHAR(1) NULL;

GO

ALTER TABLE t ADD CONSTRAINT kind CHECK (c IN ('x', 'y'));

GO

-- === add an enumerated column with a check where it is needed
ALTER TABLE t ADD c VARCHAR(1) NULL;

GO

ALTER TABLE t ADD CONSTRAINT kind CHECK (c IN ('x', 'y'));

GO

-- === add a boolean column
ALTER TABLE t ADD c BIT NULL;

GO

-- === add a boolean column with a check
ALTER TABLE t ADD c BIT NULL;

GO

-- === add a boolean column with a check under a convention
ALTER TABLE t ADD c BIT NULL;

GO

-- === add a computed column
ALTER TABLE t ADD c AS (a + 1);

GO

-- === add a stored computed column
ALTER TABLE t ADD c AS (a + 1) PERSISTED;

GO

-- === add a virtual computed column
ALTER TABLE t ADD c AS (a + 1);

GO

-- === add an identity column
ALTER TABLE t ADD c INTEGER NOT NULL IDENTITY(3,2);

GO

-- === add a plain identity column
ALTER TABLE t ADD c INTEGER NOT NULL IDENTITY;

GO

-- === add a column with a sequence
ALTER TABLE t ADD c INTEGER NOT NULL;

GO

-- === add columns of types of dialects
ALTER TABLE t ADD a NVARCHAR(max) NULL;

GO

ALTER TABLE t ADD b TEXT NULL;

GO

ALTER TABLE t ADD [c] VARCHAR(9) COLLATE C NULL;

GO

-- === add a column that belongs to a table
ALTER TABLE t ADD c INTEGER NULL;

GO

CREATE INDEX ix_t_c ON t (c);

GO

-- === add a column by keywords
ALTER TABLE t ADD c INTEGER NULL;

GO

-- === drop a column
ALTER TABLE t DROP COLUMN c;

GO

-- === drop a column of a schema
ALTER TABLE s.t DROP COLUMN [Order];

GO

-- === drop a column if it is there
ALTER TABLE t DROP COLUMN IF EXISTS c;

GO

-- === drop a column with its default
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'c'
exec('alter table t drop constraint ' + @const_name);

GO

ALTER TABLE t DROP COLUMN c;

GO

-- === drop a column with its check
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.check_constraints
where parent_object_id = object_id('s.t')
and col_name(parent_object_id, parent_column_id) = 'c's'
exec('alter table s.t drop constraint ' + @const_name);

GO

ALTER TABLE s.t DROP COLUMN [c's];

GO

-- === drop a column with its key
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from
sys.foreign_keys fk join sys.foreign_key_columns fkc
on fk.object_id=fkc.constraint_object_id
where fkc.parent_object_id = object_id('t')
and col_name(fkc.parent_object_id, fkc.parent_column_id) = 'c'
exec('alter table t drop constraint ' + @const_name);

GO

ALTER TABLE t DROP COLUMN c;

GO

-- === drop a column with all that hangs on it
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('s.Some Table')
and col_name(parent_object_id, parent_column_id) = 'c'
exec('alter table s.[Some Table] drop constraint ' + @const_name);

GO

declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.check_constraints
where parent_object_id = object_id('s.Some Table')
and col_name(parent_object_id, parent_column_id) = 'c'
exec('alter table s.[Some Table] drop constraint ' + @const_name);

GO

declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from
sys.foreign_keys fk join sys.foreign_key_columns fkc
on fk.object_id=fkc.constraint_object_id
where fkc.parent_object_id = object_id('s.Some Table')
and col_name(fkc.parent_object_id, fkc.parent_column_id) = 'c'
exec('alter table s.[Some Table] drop constraint ' + @const_name);

GO

ALTER TABLE s.[Some Table] DROP COLUMN IF EXISTS c;

GO

-- === drop a column by keywords
ALTER TABLE t DROP COLUMN c;

GO

