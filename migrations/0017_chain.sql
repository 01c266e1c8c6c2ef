-- Records and grants on chains, as far as statements tell of them. Projections of the log.
CREATE TABLE chain_record (
  id TEXT PRIMARY KEY,
  party TEXT NOT NULL,
  target_kind TEXT NOT NULL,
  target TEXT NOT NULL,
  chain TEXT NOT NULL,
  contract TEXT NOT NULL,
  record TEXT NOT NULL,
  witness TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX chain_record_target ON chain_record (target_kind, target);
CREATE INDEX chain_record_record ON chain_record (record);
CREATE TABLE chain_grant (
  id TEXT PRIMARY KEY,
  chain_record TEXT NOT NULL,
  licensee TEXT NOT NULL,
  parent TEXT,
  said TEXT NOT NULL,
  tx TEXT NOT NULL,
  block INTEGER NOT NULL,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX chain_grant_record ON chain_grant (chain_record, licensee);
-- Where this log was anchored, as this node did it or saw it. Of this node alone.
CREATE TABLE chain_anchor (
  chain TEXT NOT NULL,
  contract TEXT NOT NULL,
  size INTEGER NOT NULL,
  root TEXT NOT NULL,
  anchored_at TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  PRIMARY KEY (chain, contract, size)
);
