-- === add a primary key
raises NotImplementedError

-- === add a primary key in a schema
raises NotImplementedError

-- === add a primary key without a name
raises NotImplementedError

-- === add a primary key under a convention
raises NotImplementedError

-- === add a primary key by keywords
raises NotImplementedError

-- === add a foreign key
raises NotImplementedError

-- === add a foreign key of two columns
raises NotImplementedError

-- === add a foreign key across schemas
raises NotImplementedError

-- === add a foreign key out of a schema
raises NotImplementedError

-- === add a foreign key into a schema
raises NotImplementedError

-- === add a foreign key to the table itself
raises NotImplementedError

-- === add a foreign key to a namesake
raises NotImplementedError

-- === add a foreign key to its own column
raises NotImplementedError

-- === add a foreign key without a name
raises NotImplementedError

-- === add a foreign key under a convention
raises NotImplementedError

-- === add a named foreign key under a convention
raises NotImplementedError

-- === add a foreign key with actions
raises NotImplementedError

-- === add a foreign key with actions in small letters
raises NotImplementedError

-- === add a foreign key with a match
raises NotImplementedError

-- === add a deferred foreign key
raises NotImplementedError

-- === add a foreign key that is not deferred
raises NotImplementedError

-- === add a foreign key with use_alter
raises NotImplementedError

-- === add a foreign key that is not validated
raises NotImplementedError

-- === add a foreign key between quoted names
raises NotImplementedError

-- === add a foreign key by keywords
raises NotImplementedError

-- === add a unique constraint
raises NotImplementedError

-- === add a unique constraint in a schema
raises NotImplementedError

-- === add a unique constraint without a name
raises NotImplementedError

-- === add a unique constraint under a convention
raises NotImplementedError

-- === add a deferred unique constraint
raises NotImplementedError

-- === add a unique constraint with options
raises NotImplementedError

-- === add a check
raises NotImplementedError

-- === add a check by an expression
raises NotImplementedError

-- === add a check by functions
raises NotImplementedError

-- === add a check by text
raises NotImplementedError

-- === add a deferred check
raises NotImplementedError

-- === add a check that is not validated
raises NotImplementedError

-- === add a check without a name
raises NotImplementedError

-- === add a check under a convention
raises NotImplementedError

-- === add a check with its final name under a convention
raises NotImplementedError

-- === add an exclude constraint
raises NotImplementedError

-- === add an exclude constraint with all
raises NotImplementedError

-- === add an exclude constraint with an operator class
raises NotImplementedError

-- === drop a foreign key
raises NotImplementedError

-- === drop a foreign key of a schema
raises NotImplementedError

-- === drop a unique constraint
raises NotImplementedError

-- === drop a check
raises NotImplementedError

-- === drop a primary key
raises NotImplementedError

-- === drop a constraint of unknown kind
raises NotImplementedError

-- === drop a constraint if it is there
raises NotImplementedError

-- === drop a foreign key if it is there
raises NotImplementedError

-- === drop a check if it is there
raises NotImplementedError

-- === drop a constraint of a kind that there is not
raises TypeError

-- === drop a check under a convention
raises NotImplementedError

-- === drop a check by its final name under a convention
raises NotImplementedError

-- === drop a unique constraint under a convention
raises NotImplementedError

-- === drop a foreign key under a convention
raises NotImplementedError

-- === drop a constraint of unknown kind under a convention
raises NotImplementedError

-- === drop a quoted constraint
raises NotImplementedError

-- === drop by keywords
raises NotImplementedError

