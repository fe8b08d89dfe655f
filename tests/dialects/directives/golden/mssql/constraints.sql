-- === add a primary key
ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY (a, b);

GO

-- === add a primary key in a schema
ALTER TABLE s.t ADD CONSTRAINT pk PRIMARY KEY (a);

GO

-- === add a primary key without a name
ALTER TABLE t ADD PRIMARY KEY (a);

GO

-- === add a primary key under a convention
ALTER TABLE t ADD CONSTRAINT pk_t PRIMARY KEY (a);

GO

-- === add a primary key by keywords
ALTER TABLE [order] ADD CONSTRAINT pk PRIMARY KEY ([A a]);

GO

-- === add a foreign key
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES u (id);

GO

-- === add a foreign key of two columns
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a, b) REFERENCES u (x, y);

GO

-- === add a foreign key across schemas
ALTER TABLE s.t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES r.u (id);

GO

-- === add a foreign key out of a schema
ALTER TABLE s.t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES u (id);

GO

-- === add a foreign key into a schema
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES r.u (id);

GO

-- === add a foreign key to the table itself
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES t (id);

GO

-- === add a foreign key to a namesake
ALTER TABLE s.t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES r.t (id);

GO

-- === add a foreign key to its own column
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES t (a);

GO

-- === add a foreign key without a name
ALTER TABLE t ADD FOREIGN KEY(a) REFERENCES u (id);

GO

-- === add a foreign key under a convention
ALTER TABLE t ADD CONSTRAINT fk_t_a_u FOREIGN KEY(a) REFERENCES u (id);

GO

-- === add a named foreign key under a convention
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES u (id);

GO

-- === add a foreign key with actions
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES u (id) ON DELETE CASCADE ON UPDATE SET NULL;

GO

-- === add a foreign key with actions in small letters
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES u (id) ON DELETE cascade ON UPDATE no action;

GO

-- === add a foreign key with a match
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES u (id) MATCH FULL;

GO

-- === add a deferred foreign key
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES u (id) DEFERRABLE INITIALLY DEFERRED;

GO

-- === add a foreign key that is not deferred
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES u (id) NOT DEFERRABLE INITIALLY IMMEDIATE;

GO

-- === add a foreign key with use_alter
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES u (id);

GO

-- === add a foreign key that is not validated
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES u (id);

GO

-- === add a foreign key between quoted names
ALTER TABLE [order] ADD CONSTRAINT [f k] FOREIGN KEY([from]) REFERENCES [U u] ([Id]);

GO

-- === add a foreign key by keywords
ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES u (id);

GO

-- === add a unique constraint
ALTER TABLE t ADD CONSTRAINT uq UNIQUE (a, b);

GO

-- === add a unique constraint in a schema
ALTER TABLE s.t ADD CONSTRAINT uq UNIQUE (a);

GO

-- === add a unique constraint without a name
ALTER TABLE t ADD UNIQUE (a);

GO

-- === add a unique constraint under a convention
ALTER TABLE t ADD CONSTRAINT uq_t_a UNIQUE (a, b);

GO

-- === add a deferred unique constraint
ALTER TABLE t ADD CONSTRAINT uq UNIQUE (a) DEFERRABLE INITIALLY DEFERRED;

GO

-- === add a unique constraint with options
ALTER TABLE t ADD CONSTRAINT uq UNIQUE CLUSTERED (a);

GO

-- === add a check
ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 5);

GO

-- === add a check by an expression
ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 5);

GO

-- === add a check by functions
ALTER TABLE t ADD CONSTRAINT ck CHECK (LEN(n) > 5 AND n IN ('x''s', 'y%') AND [Q q] IS NULL);

GO

-- === add a check by text
ALTER TABLE s.t ADD CONSTRAINT ck CHECK (a > 5 AND b = 'x%');

GO

-- === add a deferred check
ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 5) DEFERRABLE INITIALLY DEFERRED;

GO

-- === add a check that is not validated
ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 5);

GO

-- === add a check without a name
ALTER TABLE t ADD CHECK (a > 5);

GO

-- === add a check under a convention
ALTER TABLE t ADD CONSTRAINT ck_t_pos CHECK (a > 5);

GO

-- === add a check with its final name under a convention
ALTER TABLE t ADD CONSTRAINT pos CHECK (a > 5);

GO

-- === add an exclude constraint
raises UnsupportedCompilationError

-- === add an exclude constraint with all
raises UnsupportedCompilationError

-- === add an exclude constraint with an operator class
raises UnsupportedCompilationError

-- === drop a foreign key
ALTER TABLE t DROP CONSTRAINT c;

GO

-- === drop a foreign key of a schema
ALTER TABLE s.t DROP CONSTRAINT c;

GO

-- === drop a unique constraint
ALTER TABLE t DROP CONSTRAINT c;

GO

-- === drop a check
ALTER TABLE t DROP CONSTRAINT c;

GO

-- === drop a primary key
ALTER TABLE t DROP CONSTRAINT c;

GO

-- === drop a constraint of unknown kind
ALTER TABLE t DROP CONSTRAINT c;

GO

-- === drop a constraint if it is there
ALTER TABLE t DROP CONSTRAINT IF EXISTS c;

GO

-- === drop a foreign key if it is there
ALTER TABLE t DROP CONSTRAINT IF EXISTS c;

GO

-- === drop a check if it is there
ALTER TABLE s.t DROP CONSTRAINT IF EXISTS c;

GO

-- === drop a constraint of a kind that there is not
raises TypeError

-- === drop a check under a convention
ALTER TABLE t DROP CONSTRAINT ck_t_pos;

GO

-- === drop a check by its final name under a convention
ALTER TABLE t DROP CONSTRAINT pos;

GO

-- === drop a unique constraint under a convention
ALTER TABLE t DROP CONSTRAINT u;

GO

-- === drop a foreign key under a convention
ALTER TABLE t DROP CONSTRAINT f;

GO

-- === drop a constraint of unknown kind under a convention
ALTER TABLE t DROP CONSTRAINT f;

GO

-- === drop a quoted constraint
ALTER TABLE [from] DROP CONSTRAINT [Order by];

GO

-- === drop by keywords
ALTER TABLE t DROP CONSTRAINT c;

GO

