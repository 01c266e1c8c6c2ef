-- What a person keeps with this node beside the log. Private tables: a replay of the log does not touch them.
-- Who is signed in: the hash of what the browser holds.
CREATE TABLE account_session (
  token_hash TEXT PRIMARY KEY,
  party TEXT NOT NULL,
  did_key TEXT NOT NULL,
  expires_at TEXT NOT NULL
);
-- Passkeys that have signed in, by what browsers call them, so that other devices that hold them can sign in, too.
CREATE TABLE account_passkey (
  credential TEXT NOT NULL,
  did_key TEXT NOT NULL,
  PRIMARY KEY (credential, did_key)
);
-- Cases that somebody keeps in the account, with the keys to them.
CREATE TABLE account_case (
  party TEXT NOT NULL,
  request_case TEXT NOT NULL,
  access_key TEXT NOT NULL,
  PRIMARY KEY (party, request_case)
);
CREATE INDEX account_case_of ON account_case (request_case);
-- Where a party is told of what is found and what comes due: one address, confirmed by whoever reads it.
CREATE TABLE account_mail (
  party TEXT PRIMARY KEY,
  address TEXT NOT NULL,
  language TEXT NOT NULL,
  token TEXT NOT NULL,
  asked_at TEXT NOT NULL,
  confirmed_at TEXT,
  told_run INTEGER NOT NULL,
  told_at TEXT NOT NULL,
  failures INTEGER NOT NULL
);
-- When an address was asked whether it wants such mail, by hashes: it is asked seldom, also when it says no.
CREATE TABLE account_mail_asked (
  address_hash TEXT NOT NULL,
  party_hash TEXT NOT NULL,
  asked_at TEXT NOT NULL,
  is_refusal INTEGER NOT NULL
);
CREATE INDEX account_mail_asked_address ON account_mail_asked (address_hash, asked_at);
CREATE INDEX account_mail_asked_party ON account_mail_asked (party_hash, asked_at);
