create schema access;

-- What was written under a key, so that a repeated delivery changes nothing.
create table access.once (
    key   text primary key,
    at    timestamptz not null default clock_timestamp(),
    size  integer not null
);
