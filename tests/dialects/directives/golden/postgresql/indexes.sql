-- === create an index
CREATE INDEX ix ON t (a);

-- === create an index of two columns
CREATE INDEX ix ON t (a, "B b");

-- === create a unique index
CREATE UNIQUE INDEX ix ON s.t (a);

-- === create an index unless it is there
CREATE INDEX IF NOT EXISTS ix ON t (a);

-- === create a unique index unless it is there
CREATE UNIQUE INDEX IF NOT EXISTS ix ON s.t (a);

-- === create an index of an expression
CREATE INDEX ix ON t (lower(a));

-- === create an index of mixed things
CREATE INDEX ix ON t (a, lower(b), upper(c), d DESC);

-- === create an index of a cast
CREATE INDEX ix ON t (CAST(a AS INTEGER));

-- === create an index without a name
CREATE INDEX ix_t_a ON t (a);

-- === create an index under a convention
CREATE INDEX ix_t_a_b ON t (a, b);

-- === create a named index under a convention
CREATE INDEX ix ON t (a);

-- === create an index concurrently
CREATE INDEX CONCURRENTLY ix ON t (a);

-- === create an index concurrently unless it is there
CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON t (a);

-- === create an index of part of the rows
CREATE INDEX ix ON t (a) WHERE a > 0;

-- === create an index of part of the rows by an expression
CREATE INDEX ix ON t (a) WHERE a IS NOT NULL;

-- === create an index with the options of postgresql
CREATE INDEX ix ON t USING gin (a gin_trgm_ops) INCLUDE (b) WITH (fillfactor = 50) TABLESPACE space;

-- === create an index of an expression with a class
CREATE UNIQUE INDEX ix ON t USING btree (lower(a) text_pattern_ops);

-- === create an index where nulls are equal
CREATE UNIQUE INDEX ix ON t (a) NULLS NOT DISTINCT;

-- === create an index with the options of mysql
CREATE INDEX ix ON t (a, b);

-- === create an index with a length
CREATE INDEX ix ON t (a);

-- === create an index with the options of mssql
CREATE INDEX ix ON t (a);

-- === create an index of columns
CREATE INDEX ix ON t (a);

-- === create an index with the options of oracle
CREATE INDEX ix ON t (a);

-- === create an index whose name is quoted
CREATE INDEX "Ix x" ON t (a);

-- === create an index by keywords
CREATE INDEX ix ON t (a);

-- === drop an index
DROP INDEX ix;

-- === drop an index of a table
DROP INDEX ix;

-- === drop an index of a table by keyword
DROP INDEX s.ix;

-- === drop an index of a schema
DROP INDEX s.ix;

-- === drop an index if it is there
DROP INDEX IF EXISTS ix;

-- === drop an index concurrently
DROP INDEX CONCURRENTLY ix;

-- === drop an index concurrently if it is there
DROP INDEX CONCURRENTLY IF EXISTS ix;

-- === drop an index with keywords of its creation
DROP INDEX ix;

-- === drop an index under a convention
DROP INDEX ix;

-- === drop a quoted index
DROP INDEX "Ix x";

-- === drop an index by keywords
DROP INDEX ix;

