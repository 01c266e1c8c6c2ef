-- Levy plans and published runs, as the log has them.
CREATE TABLE levy_plan (
  id TEXT PRIMARY KEY,
  party TEXT NOT NULL,
  scheme TEXT NOT NULL,
  version INTEGER NOT NULL,
  valid_from TEXT NOT NULL,
  valid_until TEXT,
  digest TEXT NOT NULL,
  plan TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX levy_plan_of ON levy_plan (party, scheme);
CREATE TABLE levy_run (
  id TEXT PRIMARY KEY,
  party TEXT NOT NULL,
  scheme TEXT NOT NULL,
  version INTEGER NOT NULL,
  period_from TEXT NOT NULL,
  period_to TEXT NOT NULL,
  root TEXT NOT NULL,
  corrects TEXT,
  report TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX levy_run_root ON levy_run (root);
-- The ledger: double entry, append-only. Private: a replay of the log does not touch it.
CREATE TABLE levy_entry (
  number INTEGER PRIMARY KEY,
  booking TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  booked_on TEXT NOT NULL,
  description TEXT NOT NULL,
  details TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  previous TEXT NOT NULL,
  digest TEXT NOT NULL
);
-- Whoever books changes this row first, so that one waits for the other, whatever the database.
CREATE TABLE levy_lock (id TEXT PRIMARY KEY, taken INTEGER NOT NULL);
CREATE TABLE levy_posting (
  entry INTEGER NOT NULL REFERENCES levy_entry (number),
  line INTEGER NOT NULL,
  account TEXT NOT NULL,
  owner TEXT NOT NULL,
  cents INTEGER NOT NULL,
  PRIMARY KEY (entry, line)
);
CREATE INDEX levy_posting_of ON levy_posting (account, owner, entry);
-- Who is paid, and where to.
CREATE TABLE levy_payee (
  id TEXT PRIMARY KEY,
  party TEXT,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  successor TEXT,
  residence TEXT,
  certificate_until TEXT,
  iban TEXT,
  bic TEXT,
  address TEXT NOT NULL,
  language TEXT,
  updated_at TEXT NOT NULL
);
CREATE INDEX levy_payee_party ON levy_payee (party);
-- What was done to find payees whom nobody knows, and decisions of the governing body on what stays.
CREATE TABLE levy_search (
  id TEXT PRIMARY KEY,
  payee TEXT NOT NULL,
  done_on TEXT NOT NULL,
  what TEXT NOT NULL
);
CREATE INDEX levy_search_of ON levy_search (payee);
-- A payment file: its message identifier, and what it was written with, so that it can be written again word for word.
CREATE TABLE levy_payout (
  message TEXT PRIMARY KEY,
  execution_date TEXT NOT NULL,
  debtor TEXT NOT NULL,
  created_at TEXT NOT NULL
);
-- One payment of it; its id is in the bank's answers.
CREATE TABLE levy_payment (
  id TEXT PRIMARY KEY,
  message TEXT NOT NULL REFERENCES levy_payout (message),
  account TEXT NOT NULL,
  payee TEXT NOT NULL,
  cents INTEGER NOT NULL,
  tax_cents INTEGER NOT NULL,
  tax_country TEXT,
  creditor TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT
);
CREATE INDEX levy_payment_message ON levy_payment (message, payee);
CREATE INDEX levy_payment_payee ON levy_payment (payee);
-- What developers owe: each row is never changed; a correction is another one.
CREATE TABLE levy_assessment (
  id TEXT PRIMARY KEY,
  provider TEXT NOT NULL,
  scheme TEXT NOT NULL,
  version INTEGER NOT NULL,
  period_from TEXT NOT NULL,
  period_to TEXT NOT NULL,
  notified_on TEXT NOT NULL,
  due_cents INTEGER NOT NULL,
  corrects TEXT,
  facts TEXT NOT NULL,
  assessment TEXT NOT NULL,
  recorded_at TEXT NOT NULL
);
CREATE INDEX levy_assessment_of ON levy_assessment (provider, scheme, period_from);
-- Objections against an assessment, and what became of them.
CREATE TABLE levy_objection (
  id TEXT PRIMARY KEY,
  assessment TEXT NOT NULL,
  made_on TEXT NOT NULL,
  grounds TEXT NOT NULL,
  outcome TEXT,
  reason TEXT,
  decided_on TEXT
);
CREATE INDEX levy_objection_of ON levy_objection (assessment);
