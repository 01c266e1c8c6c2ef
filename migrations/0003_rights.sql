-- What the rights profile adds: a strategy for rules that contradict each other, terms that replace others, rules of grants, layers and required consent of creators, and consent that is negotiated.
ALTER TABLE terms ADD COLUMN conflict TEXT;
ALTER TABLE rights_grant ADD COLUMN rules TEXT;
ALTER TABLE rights_grant ADD COLUMN proposal TEXT;
ALTER TABLE work_creator ADD COLUMN layer TEXT;
ALTER TABLE work_creator ADD COLUMN must_consent INTEGER;
CREATE TABLE terms_replaced (
  id TEXT NOT NULL,
  target TEXT NOT NULL,
  effective_from TEXT NOT NULL,
  log_index INTEGER NOT NULL,
  PRIMARY KEY (id, target)
);
CREATE INDEX terms_replaced_target ON terms_replaced (target);
CREATE TABLE consent_proposal (
  id TEXT PRIMARY KEY,
  proposer TEXT NOT NULL,
  licensor TEXT NOT NULL,
  licensee TEXT NOT NULL,
  target_kind TEXT NOT NULL,
  target TEXT NOT NULL,
  rules TEXT NOT NULL,
  reply_to TEXT,
  purpose TEXT,
  benefit TEXT,
  harm TEXT,
  answer_by TEXT,
  valid_from TEXT NOT NULL,
  valid_until TEXT,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX consent_proposal_licensor ON consent_proposal (licensor);
CREATE INDEX consent_proposal_licensee ON consent_proposal (licensee);
CREATE TABLE consent_answer (
  id TEXT PRIMARY KEY,
  proposal TEXT NOT NULL,
  party TEXT NOT NULL,
  answer TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX consent_answer_proposal ON consent_answer (proposal);
