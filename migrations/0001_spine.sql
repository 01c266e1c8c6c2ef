-- Projections: rebuilt from the log by `colophon log replay`. Each row names the log entry that it comes from.
CREATE TABLE statement (
  log_index INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  kinds TEXT NOT NULL,
  issuer TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  outcome TEXT NOT NULL,
  refusal TEXT,
  commitment TEXT,
  body TEXT
);
CREATE INDEX statement_id ON statement (id);
CREATE INDEX statement_issuer ON statement (issuer, log_index);
CREATE TABLE party (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  country TEXT,
  homepage TEXT,
  is_sealed INTEGER NOT NULL,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE TABLE party_key (
  party TEXT NOT NULL,
  signing_key TEXT NOT NULL,
  log_index INTEGER NOT NULL,
  PRIMARY KEY (party, signing_key)
);
CREATE TABLE mandate (
  id TEXT PRIMARY KEY,
  principal TEXT NOT NULL,
  representative TEXT NOT NULL,
  powers TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_until TEXT,
  log_index INTEGER NOT NULL
);
CREATE INDEX mandate_representative ON mandate (representative, principal);
CREATE TABLE work (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  medium TEXT NOT NULL,
  role TEXT NOT NULL,
  rights_statement TEXT,
  language TEXT,
  party TEXT NOT NULL,
  declared_by TEXT NOT NULL,
  collection TEXT,
  is_sealed INTEGER NOT NULL,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX work_party ON work (party, log_index);
CREATE INDEX work_collection ON work (collection, id);
CREATE TABLE work_creator (
  work TEXT NOT NULL,
  position INTEGER NOT NULL,
  party TEXT,
  name TEXT,
  role TEXT NOT NULL,
  share INTEGER NOT NULL,
  log_index INTEGER NOT NULL,
  PRIMARY KEY (work, position)
);
CREATE TABLE work_identifier (
  work TEXT NOT NULL,
  scheme TEXT NOT NULL,
  value TEXT NOT NULL,
  log_index INTEGER NOT NULL,
  PRIMARY KEY (work, scheme, value)
);
CREATE INDEX work_identifier_value ON work_identifier (scheme, value);
CREATE TABLE work_url (
  work TEXT NOT NULL,
  url TEXT NOT NULL,
  host TEXT NOT NULL,
  log_index INTEGER NOT NULL,
  PRIMARY KEY (work, url)
);
CREATE INDEX work_url_url ON work_url (url);
CREATE TABLE fingerprint (
  work TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  code TEXT NOT NULL,
  log_index INTEGER NOT NULL,
  PRIMARY KEY (work, algorithm)
);
CREATE INDEX fingerprint_code ON fingerprint (algorithm, code);
CREATE TABLE collection (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  party TEXT NOT NULL,
  manifest TEXT NOT NULL,
  root TEXT NOT NULL,
  item_count INTEGER NOT NULL,
  manifest_state TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE TABLE terms (
  id TEXT PRIMARY KEY,
  party TEXT NOT NULL,
  target_kind TEXT NOT NULL,
  target TEXT NOT NULL,
  rules TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_until TEXT,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX terms_target ON terms (target_kind, target);
CREATE TABLE rights_grant (
  id TEXT PRIMARY KEY,
  licensor TEXT NOT NULL,
  licensee TEXT NOT NULL,
  target_kind TEXT NOT NULL,
  target TEXT NOT NULL,
  actions TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_until TEXT,
  log_index INTEGER NOT NULL
);
CREATE INDEX rights_grant_target ON rights_grant (target_kind, target);
CREATE TABLE revocation (
  id TEXT NOT NULL,
  target TEXT NOT NULL,
  effective_from TEXT NOT NULL,
  log_index INTEGER NOT NULL,
  PRIMARY KEY (id, target)
);
CREATE INDEX revocation_target ON revocation (target);
CREATE TABLE claim (
  id TEXT PRIMARY KEY,
  party TEXT NOT NULL,
  target TEXT NOT NULL,
  claims TEXT NOT NULL,
  contradicts TEXT,
  evidence TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX claim_target ON claim (target);
CREATE TABLE anchor (
  commitment TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE TABLE projection (
  name TEXT PRIMARY KEY,
  size INTEGER NOT NULL
);
-- Sealed bodies and private data: durable, backed up, never on the log, never dropped by a replay.
CREATE TABLE vault (
  commitment TEXT PRIMARY KEY,
  salt BYTES NOT NULL,
  body TEXT NOT NULL
);
CREATE TABLE witnessed_head (
  origin TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  root BYTES NOT NULL
);
CREATE TABLE dataset (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  source TEXT,
  contact TEXT,
  row_count INTEGER NOT NULL,
  is_example INTEGER NOT NULL,
  summary TEXT NOT NULL,
  indexed_at TEXT NOT NULL
);
CREATE TABLE check_result (
  id TEXT PRIMARY KEY,
  created_at TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE TABLE request_case (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  is_private INTEGER NOT NULL,
  dataset TEXT NOT NULL,
  subject TEXT NOT NULL,
  sender TEXT NOT NULL,
  evidence TEXT NOT NULL,
  evidence_hash TEXT NOT NULL,
  salt BYTES NOT NULL,
  commitment_index INTEGER,
  access_hash TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE TABLE request_event (
  request_case TEXT NOT NULL,
  position INTEGER NOT NULL,
  state TEXT NOT NULL,
  note TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  PRIMARY KEY (request_case, position),
  FOREIGN KEY (request_case) REFERENCES request_case (id)
);
