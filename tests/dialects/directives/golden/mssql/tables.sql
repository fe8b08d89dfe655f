-- === create a table
CREATE TABLE t (
    id INTEGER NOT NULL IDENTITY, 
    n VARCHAR(50) NOT NULL, 
    PRIMARY KEY (id)
);

GO

-- === create a table in a schema
CREATE TABLE [S s].t (
    id INTEGER NULL
);

GO

-- === create a table unless it is there
CREATE TABLE IF NOT EXISTS t (
    id INTEGER NULL
);

GO

-- === create a table, if_not_exists False
CREATE TABLE t (
    id INTEGER NULL
);

GO

-- === create a table with its index and comments
CREATE TABLE s.t (
    id INTEGER NOT NULL IDENTITY, 
    n VARCHAR(20) NOT NULL DEFAULT 'x', 
    PRIMARY KEY (id)
);

GO

CREATE INDEX ix_s_t_n ON s.t (n);

GO

execute sp_addextendedproperty 'MS_Description', N'some words', 'schema', s, 'table', t;

GO

execute sp_addextendedproperty 'MS_Description', N'the key', 'schema', s, 'table', t, 'column', id;

GO

execute sp_addextendedproperty 'MS_Description', N'it''s', 'schema', s, 'table', t, 'column', n;

GO

-- === create a table with an index that is given
CREATE TABLE t (
    n VARCHAR(20) NULL
);

GO

CREATE UNIQUE INDEX ix ON t (lower(n));

GO

-- === create a table with every kind of constraint
CREATE TABLE t (
    a INTEGER NOT NULL, 
    b INTEGER NOT NULL, 
    c VARCHAR(5) NULL CONSTRAINT ck_c CHECK (c <> ''), 
    CONSTRAINT pk PRIMARY KEY (a, b), 
    CONSTRAINT uq UNIQUE (b, c), 
    CONSTRAINT ck CHECK (a > b), 
    CONSTRAINT fk_v FOREIGN KEY(a, b) REFERENCES s.v (x, y) MATCH FULL DEFERRABLE INITIALLY DEFERRED, 
    CONSTRAINT fk_b FOREIGN KEY(b) REFERENCES u (id) ON DELETE CASCADE ON UPDATE SET NULL, 
    UNIQUE (c)
);

GO

-- === create a table with keys and checks without names
CREATE TABLE t (
    id INTEGER NOT NULL, 
    b INTEGER NULL, 
    PRIMARY KEY (id), 
    CHECK (b > 0), 
    FOREIGN KEY(b) REFERENCES t (id), 
    FOREIGN KEY(id) REFERENCES u (id), 
    UNIQUE (b)
);

GO

-- === create a table that refers to itself
CREATE TABLE s.t (
    id INTEGER NOT NULL IDENTITY, 
    p INTEGER NULL, 
    PRIMARY KEY (id), 
    FOREIGN KEY(p) REFERENCES s.t (id)
);

GO

-- === create a table with a key that is added later
CREATE TABLE t (
    a INTEGER NULL
);

GO

-- === create a table under a naming convention
CREATE TABLE t (
    id INTEGER NOT NULL IDENTITY, 
    a INTEGER NULL, 
    b BIT NULL, 
    CONSTRAINT pk_t PRIMARY KEY (id), 
    CONSTRAINT ck_t_positive CHECK (a > 0), 
    CONSTRAINT as_it_is CHECK (a < 9), 
    CONSTRAINT fk_t_a_u FOREIGN KEY(a) REFERENCES u (id)
);

GO

CREATE UNIQUE INDEX ix_t_a ON t (a);

GO

-- === create a table with enumerated and boolean columns
CREATE TABLE t (
    a VARCHAR(1) NULL, 
    b VARCHAR(1) NULL, 
    c BIT NULL, 
    d BIT NULL, 
    CONSTRAINT kind2 CHECK (b IN ('x', 'y'))
);

GO

-- === create two tables with one enumerated type
CREATE TABLE t (
    a VARCHAR(1) NULL
);

GO

CREATE TABLE u (
    a VARCHAR(1) NULL
);

GO

-- === create a table with server defaults
CREATE TABLE t (
    a INTEGER NULL DEFAULT '5', 
    b DATETIME NULL DEFAULT CURRENT_TIMESTAMP, 
    c VARCHAR(9) NULL DEFAULT 'it''s', 
    d BIT NULL DEFAULT 0, 
    e VARCHAR(9) NULL DEFAULT 'it''s 5%'
);

GO

-- === create a table with an identity
CREATE TABLE t (
    id INTEGER NOT NULL IDENTITY(4,2), 
    PRIMARY KEY (id)
);

GO

-- === create a table with a computed column
CREATE TABLE t (
    a INTEGER NULL, 
    b AS (a + 1) PERSISTED
);

GO

-- === create a table whose computed column is not stored
CREATE TABLE t (
    a INTEGER NULL, 
    b AS (a + 1)
);

GO

-- === create a table with a sequence
CREATE TABLE t (
    id INTEGER NOT NULL, 
    PRIMARY KEY (id)
);

GO

-- === create a table with the options of each dialect
CREATE TABLE t (
    id INTEGER NOT NULL IDENTITY, 
    PRIMARY KEY (id)
);

GO

-- === create a table with prefixes and info
CREATE TEMPORARY TABLE t (
    id INTEGER NULL
);

GO

-- === create a table with types of dialects
CREATE TABLE t (
    a NVARCHAR(max) NULL, 
    b TEXT NULL, 
    c NUMERIC(10, 2) NULL, 
    d DATETIMEOFFSET NULL, 
    e IMAGE NULL, 
    f NVARCHAR(9) COLLATE C NULL, 
    g UNIQUEIDENTIFIER NULL, 
    h BIGINT NOT NULL IDENTITY, 
    PRIMARY KEY (h)
);

GO

-- === create a table of names that are quoted
CREATE TABLE [order] (
    [from] INTEGER NOT NULL IDENTITY, 
    [Ä b] INTEGER NULL, 
    PRIMARY KEY ([from])
);

GO

CREATE INDEX [ix_order_Ä b] ON [order] ([Ä b]);

GO

-- === use the table that create_table returns
CREATE TABLE t (
    id INTEGER NOT NULL, 
    n VARCHAR(9) NULL, 
    PRIMARY KEY (id)
);

GO

SET IDENTITY_INSERT t ON;

GO

INSERT INTO t (id, n) VALUES (1, 'a');

GO

INSERT INTO t (id, n) VALUES (2, NULL);

GO

SET IDENTITY_INSERT t OFF;

GO

-- === drop a table
DROP TABLE t;

GO

-- === drop a table of a schema
DROP TABLE s.t;

GO

-- === drop a table if it is there
DROP TABLE IF EXISTS t;

GO

-- === drop a table with keywords of tables
DROP TABLE t;

GO

-- === rename a table
EXEC sp_rename 't', u;

GO

-- === rename a table of a schema
EXEC sp_rename 's.t', [order];

GO

-- === rename a table by keywords
EXEC sp_rename '[a b]', [c'd];

GO

-- === comment on a table
execute sp_addextendedproperty 'MS_Description', N'it''s', 'schema', s, 'table', t;

GO

-- === comment on a table that has one
execute sp_addextendedproperty 'MS_Description', N'new', 'schema', s, 'table', t;

GO

-- === comment on a table without a schema
raises AttributeError

-- === comment on a table with nothing
execute sp_addextendedproperty 'MS_Description', N'', 'schema', s, 'table', t;

GO

-- === drop the comment of a table
execute sp_dropextendedproperty 'MS_Description', 'schema', s, 'table', t;

GO

-- === drop the comment of a table without a schema
raises AttributeError

