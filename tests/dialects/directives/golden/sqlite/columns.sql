-- === add a column
ALTER TABLE t ADD COLUMN c INTEGER;

-- === add a column to a table of a schema
ALTER TABLE "s s".t ADD COLUMN c INTEGER;

-- === add a column that is quoted
ALTER TABLE t ADD COLUMN "order by" INTEGER;

-- === add a column unless it is there
ALTER TABLE s.t ADD COLUMN IF NOT EXISTS c INTEGER;

-- === add a column, if_not_exists False
ALTER TABLE t ADD COLUMN c INTEGER;

-- === add a column that is not null
ALTER TABLE t ADD COLUMN c VARCHAR(5) DEFAULT 'x' NOT NULL;

-- === add a column with a function as default
ALTER TABLE t ADD COLUMN c DATETIME DEFAULT CURRENT_TIMESTAMP;

-- === add a column with text as default
ALTER TABLE t ADD COLUMN c INTEGER DEFAULT (1 + 2);

-- === add a column with a boolean as default
ALTER TABLE t ADD COLUMN c BOOLEAN DEFAULT 1 NOT NULL;

-- === add a column with a comment
ALTER TABLE s.t ADD COLUMN c INTEGER;

-- === add a column with a comment, no schema
ALTER TABLE t ADD COLUMN c INTEGER;

-- === add a column with a default of Python's
ALTER TABLE t ADD COLUMN c INTEGER;

-- === add a column with a foreign key
ALTER TABLE t ADD COLUMN c INTEGER;

raises NotImplementedError

-- === add a column with a foreign key without a name
ALTER TABLE t ADD COLUMN c INTEGER;

raises NotImplementedError

-- === add a column with a foreign key in schemas
ALTER TABLE s.t ADD COLUMN c INTEGER;

raises NotImplementedError

-- === add a column with a foreign key under a convention
ALTER TABLE t ADD COLUMN c INTEGER;

raises NotImplementedError

-- === add a column with a foreign key to the same table
ALTER TABLE t ADD COLUMN c INTEGER;

raises NotImplementedError

-- === add a column with a foreign key and every clause
ALTER TABLE t ADD COLUMN c INTEGER;

raises NotImplementedError

-- === add a column with a key to a column object
ALTER TABLE t ADD COLUMN c BIGINT;

raises NotImplementedError

-- === add a column with a foreign key of its own
ALTER TABLE t ADD COLUMN c INTEGER REFERENCES u (id) MATCH FULL ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED;

-- === add a column with a foreign key of its own, in a schema
ALTER TABLE s.t ADD COLUMN c INTEGER REFERENCES s.u (id);

-- === add a column of its own without a key
ALTER TABLE t ADD COLUMN c INTEGER;

-- === add a column that is a key
ALTER TABLE t ADD COLUMN c INTEGER NOT NULL;

-- === add a column that is the key of its own
ALTER TABLE t ADD COLUMN c INTEGER NOT NULL PRIMARY KEY;

-- === add a counted column that is no key
ALTER TABLE t ADD COLUMN c INTEGER;

-- === add a big key
ALTER TABLE t ADD COLUMN c BIGINT NOT NULL PRIMARY KEY;

-- === add a unique column
ALTER TABLE t ADD COLUMN c INTEGER;

raises NotImplementedError

-- === add a unique column under a convention
ALTER TABLE t ADD COLUMN c INTEGER;

raises NotImplementedError

-- === add an indexed column
ALTER TABLE s.t ADD COLUMN c INTEGER;

CREATE INDEX s.ix_s_t_c ON t (c);

-- === add an indexed column under a convention
ALTER TABLE t ADD COLUMN c INTEGER;

CREATE INDEX ix_t_c ON t (c);

-- === add a unique indexed column
ALTER TABLE t ADD COLUMN c INTEGER;

CREATE UNIQUE INDEX ix_t_c ON t (c);

-- === add a column with a check
ALTER TABLE t ADD COLUMN c INTEGER CONSTRAINT ck CHECK (c > 0);

-- === add a column with a check without a name
ALTER TABLE t ADD COLUMN c INTEGER CHECK (c > 0);

-- === add a column with a check under a convention
ALTER TABLE t ADD COLUMN c INTEGER CONSTRAINT ck_t_pos CHECK (c > 0);

-- === add a column with everything
ALTER TABLE s.t ADD COLUMN c INTEGER DEFAULT '1' NOT NULL CONSTRAINT ck CHECK (c > 0);

raises NotImplementedError

-- === add an indexed column with a comment
ALTER TABLE s.t ADD COLUMN c INTEGER;

CREATE INDEX s.ix_s_t_c ON t (c);

-- === add an enumerated column
ALTER TABLE t ADD COLUMN c VARCHAR(1);

-- === add an enumerated column with a check
ALTER TABLE t ADD COLUMN c VARCHAR(1);

-- === add an enumerated column with a check where it is needed
ALTER TABLE t ADD COLUMN c VARCHAR(1);

-- === add a boolean column
ALTER TABLE t ADD COLUMN c BOOLEAN;

-- === add a boolean column with a check
ALTER TABLE t ADD COLUMN c BOOLEAN;

-- === add a boolean column with a check under a convention
ALTER TABLE t ADD COLUMN c BOOLEAN;

-- === add a computed column
ALTER TABLE t ADD COLUMN c INTEGER GENERATED ALWAYS AS (a + 1);

-- === add a stored computed column
ALTER TABLE t ADD COLUMN c INTEGER GENERATED ALWAYS AS (a + 1) STORED;

-- === add a virtual computed column
ALTER TABLE t ADD COLUMN c INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL;

-- === add an identity column
ALTER TABLE t ADD COLUMN c INTEGER NOT NULL;

-- === add a plain identity column
ALTER TABLE t ADD COLUMN c INTEGER NOT NULL;

-- === add a column with a sequence
ALTER TABLE t ADD COLUMN c INTEGER;

-- === add columns of types of dialects
ALTER TABLE t ADD COLUMN a JSON;

ALTER TABLE t ADD COLUMN b TEXT;

ALTER TABLE t ADD COLUMN "c" VARCHAR(9) COLLATE "C";

-- === add a column that belongs to a table
ALTER TABLE t ADD COLUMN c INTEGER;

CREATE INDEX ix_t_c ON t (c);

-- === add a column by keywords
ALTER TABLE t ADD COLUMN c INTEGER;

-- === drop a column
ALTER TABLE t DROP COLUMN c;

-- === drop a column of a schema
ALTER TABLE s.t DROP COLUMN "Order";

-- === drop a column if it is there
ALTER TABLE t DROP COLUMN IF EXISTS c;

-- === drop a column with its default
ALTER TABLE t DROP COLUMN c;

-- === drop a column with its check
ALTER TABLE s.t DROP COLUMN "c's";

-- === drop a column with its key
ALTER TABLE t DROP COLUMN c;

-- === drop a column with all that hangs on it
ALTER TABLE s."Some Table" DROP COLUMN IF EXISTS c;

-- === drop a column by keywords
ALTER TABLE t DROP COLUMN c;

