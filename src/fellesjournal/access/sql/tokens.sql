-- Bearer tokens, by hash only: whoever reads the table can't use them. A token is 256
-- random bits, so an unsalted hash can't be searched.
create table access.token (
    hash     bytea       primary key,
    person   text        not null,
    purpose  text        not null,
    made     timestamptz not null default clock_timestamp(),
    expires  timestamptz not null,
    revoked  boolean     not null default false
);
