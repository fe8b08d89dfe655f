-- === create an index
CREATE INDEX ix ON t (a);

GO

-- === create an index of two columns
CREATE INDEX ix ON t (a, [B b]);

GO

-- === create a unique index
CREATE UNIQUE INDEX ix ON s.t (a);

GO

-- === create an index unless it is there
CREATE INDEX ix ON t (a);

GO

-- === create a unique index unless it is there
CREATE UNIQUE INDEX ix ON s.t (a);

GO

-- === create an index of an expression
CREATE INDEX ix ON t (lower(a));

GO

-- === create an index of mixed things
CREATE INDEX ix ON t (a, lower(b), upper(c), d DESC);

GO

-- === create an index of a cast
CREATE INDEX ix ON t (CAST(a AS INTEGER));

GO

-- === create an index without a name
CREATE INDEX ix_t_a ON t (a);

GO

-- === create an index under a convention
CREATE INDEX ix_t_a_b ON t (a, b);

GO

-- === create a named index under a convention
CREATE INDEX ix ON t (a);

GO

-- === create an index concurrently
CREATE INDEX ix ON t (a);

GO

-- === create an index concurrently unless it is there
CREATE INDEX ix ON t (a);

GO

-- === create an index of part of the rows
CREATE INDEX ix ON t (a) WHERE a > 0;

GO

-- === create an index of part of the rows by an expression
CREATE INDEX ix ON t (a) WHERE a > 5;

GO

-- === create an index with the options of postgresql
CREATE INDEX ix ON t (a);

GO

-- === create an index of an expression with a class
CREATE UNIQUE INDEX ix ON t (lower(a) text_pattern_ops);

GO

-- === create an index where nulls are equal
CREATE UNIQUE INDEX ix ON t (a);

GO

-- === create an index with the options of mysql
CREATE INDEX ix ON t (a, b);

GO

-- === create an index with a length
CREATE INDEX ix ON t (a);

GO

-- === create an index with the options of mssql
CREATE CLUSTERED INDEX ix ON t (a) INCLUDE (b, c);

GO

-- === create an index of columns
CREATE COLUMNSTORE INDEX ix ON t (a);

GO

-- === create an index with the options of oracle
CREATE INDEX ix ON t (a);

GO

-- === create an index whose name is quoted
CREATE INDEX [Ix x] ON t (a);

GO

-- === create an index by keywords
CREATE INDEX ix ON t (a);

GO

-- === drop an index
DROP INDEX ix ON no_table;

GO

-- === drop an index of a table
DROP INDEX ix ON t;

GO

-- === drop an index of a table by keyword
DROP INDEX ix ON s.t;

GO

-- === drop an index of a schema
DROP INDEX ix ON s.no_table;

GO

-- === drop an index if it is there
DROP INDEX IF EXISTS ix ON t;

GO

-- === drop an index concurrently
DROP INDEX ix ON t;

GO

-- === drop an index concurrently if it is there
DROP INDEX IF EXISTS ix ON t;

GO

-- === drop an index with keywords of its creation
DROP INDEX ix ON t;

GO

-- === drop an index under a convention
DROP INDEX ix ON t;

GO

-- === drop a quoted index
DROP INDEX [Ix x] ON [order];

GO

-- === drop an index by keywords
DROP INDEX ix ON t;

GO

