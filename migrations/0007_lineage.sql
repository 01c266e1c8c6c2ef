-- Steps of pipelines, as developers state them, and the entities they describe.
CREATE TABLE lineage_steps (
  id TEXT PRIMARY KEY,
  step TEXT NOT NULL,
  party TEXT NOT NULL,
  details TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  log_index INTEGER NOT NULL
);
CREATE INDEX lineage_steps_party ON lineage_steps (party);
CREATE TABLE lineage_entities (
  entity TEXT NOT NULL,
  statement TEXT NOT NULL
);
CREATE INDEX lineage_entities_entity ON lineage_entities (entity);
CREATE INDEX lineage_entities_statement ON lineage_entities (statement);
