-- === an empty block
-- === add columns in a block
ALTER TABLE t ADD COLUMN y INTEGER;

ALTER TABLE t ADD COLUMN z VARCHAR(5);

-- === add a column with keys in a block
ALTER TABLE t ADD COLUMN z INTEGER;

ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(z) REFERENCES u (id);

CREATE INDEX ix_t_z ON t (z);

-- === add a unique column in a block
ALTER TABLE t ADD COLUMN z INTEGER;

ALTER TABLE t ADD UNIQUE (z);

-- === add a column in a block with all words
ALTER TABLE t ADD COLUMN IF NOT EXISTS z INTEGER REFERENCES u (id);

-- === add a column at a place in a block
raises CommandError

-- === alter columns in a block
ALTER TABLE s.t ALTER COLUMN a SET NOT NULL;

ALTER TABLE s.t RENAME b TO c;

ALTER TABLE s.t ALTER COLUMN d TYPE TEXT;

ALTER TABLE s.t ALTER COLUMN e SET DEFAULT '5';

raises UnsupportedCompilationError

-- === alter a column in a block with a place
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- === drop columns in a block
ALTER TABLE t DROP COLUMN a;

ALTER TABLE t DROP COLUMN b;

ALTER TABLE t DROP COLUMN c;

-- === constraints in a block
ALTER TABLE s.t ADD CONSTRAINT pk PRIMARY KEY (a);

ALTER TABLE s.t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES r.u (id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE s.t ADD CONSTRAINT uq UNIQUE (a, b) DEFERRABLE;

ALTER TABLE s.t ADD CONSTRAINT ck CHECK (a > 5);

-- === constraints in a block under a convention
ALTER TABLE t ADD CONSTRAINT fk_t_a_u FOREIGN KEY(a) REFERENCES u (id);

ALTER TABLE t ADD CONSTRAINT uq_t_a UNIQUE (a);

ALTER TABLE t ADD CONSTRAINT ck_t_pos CHECK (a > 5);

ALTER TABLE t ADD CONSTRAINT final CHECK (a > 5);

CREATE INDEX ix_t_a ON t (a);

-- === constraints without names in a block
ALTER TABLE t ADD UNIQUE (a);

-- === a check without a name in a block
ALTER TABLE t ADD CHECK (a > 5);

-- === an exclude constraint in a block
raises UnsupportedCompilationError

-- === drop constraints in a block
ALTER TABLE s.t DROP CONSTRAINT fk;

ALTER TABLE s.t DROP CONSTRAINT uq;

ALTER TABLE s.t DROP CONSTRAINT ck;

ALTER TABLE s.t DROP CONSTRAINT pk;

-- === indexes in a block
CREATE UNIQUE INDEX ix ON s.t (a, lower(b));

CREATE INDEX IF NOT EXISTS ix2 ON s.t (a);

DROP INDEX s.ix3;

DROP INDEX IF EXISTS s.ix4;

-- === comments in a block
COMMENT ON TABLE s.t IS 'new';

COMMENT ON TABLE s.t IS NULL;

-- === never rebuild
ALTER TABLE t ADD COLUMN z INTEGER;

-- === rebuild in another word
raises ValueError

-- === options that only a rebuild reads
ALTER TABLE t ADD COLUMN z INTEGER;

-- === positional arguments
ALTER TABLE s.t ADD COLUMN z INTEGER;

-- === a block that raises
SELECT 1;

-- === blocks in blocks
UPDATE t SET a = 1;

raises AttributeError

-- === rebuild without the table
raises CommandError

