-- Who read or wrote what, for which organisation and purpose (pasientjournalforskriften
-- § 14). Append-only; written in the statement or the transaction of the act itself,
-- before any byte leaves. One row per act; `resources` and `patients` are the numbers of
-- store.resource.
create schema access;

create table access.log (
    id         bigint generated always as identity,
    at         timestamptz not null default clock_timestamp(),
    person     text     not null,
    role       text     not null,
    unit       text     not null,
    purpose    text     not null,
    act        text     not null,
    type       smallint,
    patients   bigint[] not null,
    resources  bigint[] not null
);

create function access.log_is_append_only() returns trigger
language plpgsql as $$
begin
    raise exception 'access.log is append-only';
end $$;
create trigger append_only before update or delete or truncate on access.log
    for each statement execute function access.log_is_append_only();

-- What was written under a key, so that a repeated delivery changes nothing.
create table access.once (
    key   text primary key,
    at    timestamptz not null default clock_timestamp(),
    size  integer not null
);
