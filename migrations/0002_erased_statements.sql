-- Statements that were erased, by a hash of their ids: whoever still holds one cannot put it back. Not a projection: a replay leaves it alone.
CREATE TABLE erased_statement (
  id TEXT PRIMARY KEY
);
