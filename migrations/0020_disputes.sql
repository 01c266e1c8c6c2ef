-- Whether anything is disputed is asked before every decision on what is marked as being in the public domain.
CREATE INDEX claim_claims ON claim (claims, target);
