-- === alter nothing
-- === alter nothing of what exists
-- === forbid null
ALTER TABLE t ALTER COLUMN c INTEGER NOT NULL;

GO

-- === forbid null without the type
raises CommandError

-- === forbid null with what exists
ALTER TABLE t ALTER COLUMN c INTEGER NOT NULL;

GO

-- === forbid null of a commented column
ALTER TABLE t ALTER COLUMN c INTEGER NOT NULL;

GO

-- === allow null
ALTER TABLE s.t ALTER COLUMN c VARCHAR(20) NULL;

GO

-- === allow null, it is
ALTER TABLE t ALTER COLUMN c VARCHAR(20) NULL;

GO

-- === change the type
ALTER TABLE t ALTER COLUMN c VARCHAR(30) NOT NULL;

GO

-- === change the type without what exists
ALTER TABLE t ALTER COLUMN c TEXT;

GO

-- === change the type by its class
ALTER TABLE t ALTER COLUMN c BIGINT;

GO

-- === change the type and nullability
ALTER TABLE t ALTER COLUMN c TEXT NOT NULL;

GO

-- === change the type with a default that exists
ALTER TABLE t ALTER COLUMN c TEXT;

GO

-- === change the type with a function that exists
ALTER TABLE t ALTER COLUMN c DATETIME;

GO

-- === change the type with no default that exists
ALTER TABLE t ALTER COLUMN c TEXT;

GO

-- === change the type of a commented column
ALTER TABLE t ALTER COLUMN c TEXT;

GO

-- === change the type with an expression
ALTER TABLE t ALTER COLUMN c INTEGER;

GO

-- === change the type with an expression that has a colon
ALTER TABLE s.t ALTER COLUMN c INTEGER;

GO

-- === an expression without a type
ALTER TABLE t ALTER COLUMN c INTEGER NULL;

GO

-- === change the type with a collation
ALTER TABLE t ALTER COLUMN c VARCHAR(9) COLLATE C;

GO

-- === change to a type of mysql
ALTER TABLE t ALTER COLUMN c TEXT;

GO

-- === set a default
ALTER TABLE t ADD DEFAULT 'x' FOR c;

GO

-- === set a default without the type
ALTER TABLE t ADD DEFAULT 'it''s 5%' FOR c;

GO

-- === set a number as default
ALTER TABLE t ADD DEFAULT 5 FOR c;

GO

-- === set a function as default
ALTER TABLE t ADD DEFAULT CURRENT_TIMESTAMP FOR c;

GO

-- === set a function as default of a timestamp
ALTER TABLE t ADD DEFAULT CURRENT_TIMESTAMP FOR c;

GO

-- === set an expression as default
ALTER TABLE t ADD DEFAULT (1 + 2) FOR c;

GO

-- === set a boolean as default
ALTER TABLE t ADD DEFAULT 0 FOR c;

GO

-- === replace a default
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('s.t')
and col_name(parent_object_id, parent_column_id) = 'c'
exec('alter table s.t drop constraint ' + @const_name);

GO

ALTER TABLE s.t ADD DEFAULT 5 FOR c;

GO

-- === replace a default, there was none
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'c'
exec('alter table t drop constraint ' + @const_name);

GO

ALTER TABLE t ADD DEFAULT '5' FOR c;

GO

-- === replace a default of a given type
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'c'
exec('alter table t drop constraint ' + @const_name);

GO

ALTER TABLE t ADD DEFAULT '5' FOR c;

GO

-- === drop a default
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'c'
exec('alter table t drop constraint ' + @const_name);

GO

-- === drop a default of a given type
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'c'
exec('alter table t drop constraint ' + @const_name);

GO

-- === drop a default of a time
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('t')
and col_name(parent_object_id, parent_column_id) = 'c'
exec('alter table t drop constraint ' + @const_name);

GO

-- === rename
EXEC sp_rename 't.c', d, 'COLUMN';

GO

-- === rename without the type
EXEC sp_rename 't.c', d, 'COLUMN';

GO

-- === rename to a quoted name
EXEC sp_rename 's.t.[C c]', [Order], 'COLUMN';

GO

-- === rename to its name
EXEC sp_rename 't.c', c, 'COLUMN';

GO

-- === rename with what exists
EXEC sp_rename 't.c', d, 'COLUMN';

GO

-- === rename and change the type
ALTER TABLE t ALTER COLUMN c TEXT NOT NULL;

GO

EXEC sp_rename 't.c', d, 'COLUMN';

GO

-- === rename and change the type with an expression
ALTER TABLE t ALTER COLUMN c INTEGER;

GO

EXEC sp_rename 't.c', d, 'COLUMN';

GO

-- === rename and forbid null
ALTER TABLE t ALTER COLUMN c VARCHAR(20) NOT NULL;

GO

EXEC sp_rename 't.c', d, 'COLUMN';

GO

-- === rename and set a default
ALTER TABLE t ADD DEFAULT 'x' FOR c;

GO

EXEC sp_rename 't.c', d, 'COLUMN';

GO

-- === change everything
declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from sys.default_constraints
where parent_object_id = object_id('s.t')
and col_name(parent_object_id, parent_column_id) = 'c'
exec('alter table s.t drop constraint ' + @const_name);

GO

ALTER TABLE s.t ALTER COLUMN c INTEGER NOT NULL;

GO

exec sp_updateextendedproperty 'MS_Description', N'words', 'schema', s, 'table', t, 'column', c;

GO

ALTER TABLE s.t ADD DEFAULT '5' FOR c;

GO

EXEC sp_rename 's.t.c', d, 'COLUMN';

GO

-- === comment
exec sp_addextendedproperty 'MS_Description', N'it''s', 'schema', s, 'table', t, 'column', c;

GO

-- === comment with what exists
exec sp_updateextendedproperty 'MS_Description', N'new', 'schema', s, 'table', t, 'column', c;

GO

-- === comment without a schema
raises AssertionError

-- === comment without the type
exec sp_addextendedproperty 'MS_Description', N'new', 'schema', s, 'table', t, 'column', c;

GO

-- === comment with nothing
exec sp_addextendedproperty 'MS_Description', N'', 'schema', s, 'table', t, 'column', c;

GO

-- === drop the comment
exec sp_dropextendedproperty 'MS_Description', 'schema', s, 'table', t, 'column', c;

GO

-- === drop the comment without what exists
exec sp_dropextendedproperty 'MS_Description', 'schema', s, 'table', t, 'column', c;

GO

-- === count
-- === count without the type
-- === count no more
-- === widen a counted column
ALTER TABLE t ALTER COLUMN c BIGINT NOT NULL;

GO

-- === rename a counted column
EXEC sp_rename 't.c', d, 'COLUMN';

GO

-- === forbid null of a counted column
ALTER TABLE t ALTER COLUMN c INTEGER NOT NULL;

GO

-- === make it an identity
raises CompileError

-- === make it an identity that had a default
raises CompileError

-- === make it an identity that had text
raises CompileError

-- === change an identity
raises CompileError

-- === change an identity to the same
raises CompileError

-- === change the limits of an identity
raises CompileError

-- === drop an identity
raises CompileError

-- === an identity becomes a default
raises CompileError

-- === make it computed
raises CompileError

-- === change what is computed
raises CompileError

-- === change the type of what is computed
ALTER TABLE t ALTER COLUMN c BIGINT;

GO

-- === rename what is computed
EXEC sp_rename 't.c', d, 'COLUMN';

GO

-- === drop what is computed
raises CompileError

-- === change to an enumerated type
ALTER TABLE t ALTER COLUMN c VARCHAR(1);

GO

-- === change to an enumerated type with a check
ALTER TABLE t ALTER COLUMN c VARCHAR(1);

GO

ALTER TABLE t ADD CONSTRAINT kind CHECK (c IN ('x', 'y'));

GO

-- === change from an enumerated type with a check
ALTER TABLE t DROP CONSTRAINT kind;

GO

ALTER TABLE t ALTER COLUMN c VARCHAR(20);

GO

-- === change an enumerated type with a check
ALTER TABLE t DROP CONSTRAINT old;

GO

ALTER TABLE t ALTER COLUMN c VARCHAR(1);

GO

EXEC sp_rename 't.c', d, 'COLUMN';

GO

ALTER TABLE t ADD CONSTRAINT new CHECK (c IN ('x', 'y'));

GO

-- === change a boolean with a check to a number
ALTER TABLE t ALTER COLUMN c INTEGER;

GO

-- === change a number to a boolean with a check
ALTER TABLE s.t ALTER COLUMN c BIT;

GO

-- === change to a type with a check, nothing exists
ALTER TABLE t ALTER COLUMN c BIT;

GO

-- === change from a boolean with a check without a name
ALTER TABLE t ALTER COLUMN c INTEGER;

GO

-- === keywords of others
ALTER TABLE t ALTER COLUMN c INTEGER NOT NULL;

GO

-- === alter by keywords
ALTER TABLE t ALTER COLUMN c INTEGER NULL;

GO

