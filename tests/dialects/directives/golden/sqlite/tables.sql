-- === create a table
CREATE TABLE t (
    id INTEGER NOT NULL, 
    n VARCHAR(50) NOT NULL, 
    PRIMARY KEY (id)
);

-- === create a table in a schema
CREATE TABLE "S s".t (
    id INTEGER
);

-- === create a table unless it is there
CREATE TABLE IF NOT EXISTS t (
    id INTEGER
);

-- === create a table, if_not_exists False
CREATE TABLE t (
    id INTEGER
);

-- === create a table with its index and comments
CREATE TABLE s.t (
    id INTEGER NOT NULL, 
    n VARCHAR(20) DEFAULT 'x' NOT NULL, 
    PRIMARY KEY (id)
);

CREATE INDEX s.ix_s_t_n ON t (n);

-- === create a table with an index that is given
CREATE TABLE t (
    n VARCHAR(20)
);

CREATE UNIQUE INDEX ix ON t (lower(n));

-- === create a table with every kind of constraint
CREATE TABLE t (
    a INTEGER NOT NULL, 
    b INTEGER NOT NULL, 
    c VARCHAR(5) CONSTRAINT ck_c CHECK (c <> ''), 
    CONSTRAINT pk PRIMARY KEY (a, b), 
    CONSTRAINT uq UNIQUE (b, c), 
    CONSTRAINT ck CHECK (a > b), 
    CONSTRAINT fk_b FOREIGN KEY(b) REFERENCES u (id) ON DELETE CASCADE ON UPDATE SET NULL, 
    UNIQUE (c)
);

-- === create a table with keys and checks without names
CREATE TABLE t (
    id INTEGER NOT NULL, 
    b INTEGER, 
    PRIMARY KEY (id), 
    CHECK (b > 0), 
    FOREIGN KEY(b) REFERENCES t (id), 
    FOREIGN KEY(id) REFERENCES u (id), 
    UNIQUE (b)
);

-- === create a table that refers to itself
CREATE TABLE s.t (
    id INTEGER NOT NULL, 
    p INTEGER, 
    PRIMARY KEY (id), 
    FOREIGN KEY(p) REFERENCES t (id)
);

-- === create a table with a key that is added later
CREATE TABLE t (
    a INTEGER, 
    CONSTRAINT fk FOREIGN KEY(a) REFERENCES u (id)
);

-- === create a table under a naming convention
CREATE TABLE t (
    id INTEGER NOT NULL, 
    a INTEGER, 
    b BOOLEAN, 
    CONSTRAINT pk_t PRIMARY KEY (id), 
    CONSTRAINT ck_t_positive CHECK (a > 0), 
    CONSTRAINT as_it_is CHECK (a < 9), 
    CONSTRAINT fk_t_a_u FOREIGN KEY(a) REFERENCES u (id), 
    CONSTRAINT ck_t_flag CHECK (b IN (0, 1))
);

CREATE UNIQUE INDEX ix_t_a ON t (a);

-- === create a table with enumerated and boolean columns
CREATE TABLE t (
    a VARCHAR(1), 
    b VARCHAR(1), 
    c BOOLEAN, 
    d BOOLEAN, 
    CONSTRAINT kind2 CHECK (b IN ('x', 'y')), 
    CONSTRAINT flag CHECK (c IN (0, 1))
);

-- === create two tables with one enumerated type
CREATE TABLE t (
    a VARCHAR(1)
);

CREATE TABLE u (
    a VARCHAR(1)
);

-- === create a table with server defaults
CREATE TABLE t (
    a INTEGER DEFAULT '5', 
    b DATETIME DEFAULT CURRENT_TIMESTAMP, 
    c VARCHAR(9) DEFAULT 'it''s', 
    d BOOLEAN DEFAULT 0, 
    e VARCHAR(9) DEFAULT 'it''s 5%'
);

-- === create a table with an identity
CREATE TABLE t (
    id INTEGER NOT NULL, 
    PRIMARY KEY (id)
);

-- === create a table with a computed column
CREATE TABLE t (
    a INTEGER, 
    b INTEGER GENERATED ALWAYS AS (a + 1) STORED
);

-- === create a table whose computed column is not stored
CREATE TABLE t (
    a INTEGER, 
    b INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL
);

-- === create a table with a sequence
CREATE TABLE t (
    id INTEGER NOT NULL, 
    PRIMARY KEY (id)
);

-- === create a table with the options of each dialect
CREATE TABLE t (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT
)
 WITHOUT ROWID;

-- === create a table with prefixes and info
CREATE TEMPORARY TABLE t (
    id INTEGER
);

-- === create a table with types of dialects
CREATE TABLE t (
    a JSON, 
    b TEXT, 
    c NUMERIC(10, 2), 
    d DATETIME, 
    e BLOB, 
    f VARCHAR(9) COLLATE "C", 
    g CHAR(32), 
    h INTEGER NOT NULL, 
    PRIMARY KEY (h)
);

-- === create a table of names that are quoted
CREATE TABLE "order" (
    "from" INTEGER NOT NULL, 
    "Ä b" INTEGER, 
    PRIMARY KEY ("from")
);

CREATE INDEX "ix_order_Ä b" ON "order" ("Ä b");

-- === use the table that create_table returns
CREATE TABLE t (
    id INTEGER NOT NULL, 
    n VARCHAR(9), 
    PRIMARY KEY (id)
);

INSERT INTO t (id, n) VALUES (1, 'a');

INSERT INTO t (id, n) VALUES (2, NULL);

-- === drop a table
DROP TABLE t;

-- === drop a table of a schema
DROP TABLE s.t;

-- === drop a table if it is there
DROP TABLE IF EXISTS t;

-- === drop a table with keywords of tables
DROP TABLE t;

-- === rename a table
ALTER TABLE t RENAME TO u;

-- === rename a table of a schema
ALTER TABLE s.t RENAME TO "order";

-- === rename a table by keywords
ALTER TABLE "a b" RENAME TO "c'd";

-- === comment on a table
COMMENT ON TABLE s.t IS 'it''s';

-- === comment on a table that has one
COMMENT ON TABLE s.t IS 'new';

-- === comment on a table without a schema
COMMENT ON TABLE t IS 'new';

-- === comment on a table with nothing
COMMENT ON TABLE s.t IS '';

-- === drop the comment of a table
COMMENT ON TABLE s.t IS NULL;

-- === drop the comment of a table without a schema
COMMENT ON TABLE t IS NULL;

