-- === insert rows
SET IDENTITY_INSERT t ON;

GO

INSERT INTO t (a, b) VALUES (1, 'it''s');

GO

INSERT INTO t (a, b) VALUES (2, NULL);

GO

SET IDENTITY_INSERT t OFF;

GO

-- === insert no rows
SET IDENTITY_INSERT t ON;

GO

SET IDENTITY_INSERT t OFF;

GO

-- === insert a row of some columns
SET IDENTITY_INSERT t ON;

GO

INSERT INTO t (a) VALUES (1);

GO

INSERT INTO t (b) VALUES ('x');

GO

SET IDENTITY_INSERT t OFF;

GO

-- === insert rows one by one
SET IDENTITY_INSERT t ON;

GO

INSERT INTO t (a, b) VALUES (1, 'x');

GO

INSERT INTO t (a, b) VALUES (2, 'y');

GO

SET IDENTITY_INSERT t OFF;

GO

-- === insert inline literals
SET IDENTITY_INSERT t ON;

GO

INSERT INTO t (a, b) VALUES (5, 'it''s');

GO

SET IDENTITY_INSERT t OFF;

GO

-- === insert expressions
SET IDENTITY_INSERT t ON;

GO

raises CompileError

-- === insert into a table of a schema
SET IDENTITY_INSERT s.t ON;

GO

INSERT INTO s.t (a, b) VALUES (1, 'x');

GO

SET IDENTITY_INSERT s.t OFF;

GO

-- === insert values of many types
SET IDENTITY_INSERT t ON;

GO

INSERT INTO t (a, b, c, d, e, f, g) VALUES ('2024-01-02', 1, 1.50, '2024-01-02 03:04:05', 1.5, 7, '03:04:05');

GO

SET IDENTITY_INSERT t OFF;

GO

-- === insert percent signs, tabs and colons
SET IDENTITY_INSERT t ON;

GO

INSERT INTO t (a, b) VALUES (1, '50% :x    q \: 
 new');

GO

SET IDENTITY_INSERT t OFF;

GO

-- === insert into a Table with defaults
SET IDENTITY_INSERT t ON;

GO

INSERT INTO t (n) VALUES ('x');

GO

INSERT INTO t (id, n) VALUES (5, 'y');

GO

SET IDENTITY_INSERT t OFF;

GO

-- === rows that are not a list
SET IDENTITY_INSERT t ON;

GO

raises TypeError

-- === rows that are not dictionaries
SET IDENTITY_INSERT t ON;

GO

raises TypeError

-- === execute text
UPDATE t SET a = 1;

GO

-- === execute text with a colon
UPDATE t SET b = 'x:y';

GO

-- === execute text with a percent sign
UPDATE t SET b = '50%' WHERE b LIKE '%x';

GO

-- === execute text with a tab and lines
UPDATE t
    SET a = 1;;

GO

-- === execute text()
UPDATE t SET a = 1;

GO

-- === execute text() with binds
UPDATE t SET a = :a;

GO

-- === execute text() with literal binds
UPDATE t SET a = 5, b = 'it''s';

GO

-- === execute an update
UPDATE t SET b=:b FROM t, t WHERE t.a = :a_1;

GO

-- === execute an update with literal binds
UPDATE t SET b='it''s %' FROM t, t WHERE t.a IN (1, 2);

GO

-- === execute an update with inline literals
UPDATE t SET b='it''s' FROM t, t WHERE t.b = 'x';

GO

-- === inline literals of types
SELECT 5 AS anon_1, 'x' AS anon_2, '2024-01-02' AS anon_3, 1 AS anon_4;

GO

-- === execute an insert from a select
INSERT INTO t (a) SELECT x 
FROM u;

GO

-- === execute a delete
DELETE FROM t FROM t, t WHERE t.a > 5;

GO

-- === execute an insert
INSERT INTO t (a, b) VALUES (5, NULL);

GO

-- === execute DDL
CREATE VIEW v AS SELECT 1;

GO

-- === execute DDL of SQLAlchemy's
CREATE SCHEMA s;

GO

-- === execute a sequence
CREATE SEQUENCE q START WITH 5;

GO

-- === execute with options
SELECT 1;

GO

-- === execute through the bind
UPDATE t SET a = 1;

GO

-- === execute through the bind with parameters
UPDATE t SET a = NULL;

GO

-- === execute through the context
UPDATE t SET a = 1;

GO

-- === execute in an autocommit block
COMMIT;

GO

VACUUM;

GO

BEGIN TRANSACTION;

-- === the name of f
ALTER TABLE t ADD CONSTRAINT [Some name] CHECK (a > 5);

GO

-- === static output
-- words
/* as they are */

