-- The record in PostgreSQL. docs/architecture.md tells the life of a write and of a read;
-- docs/decisions/0002-index.md holds the measurement behind the index.

create extension if not exists pg_trgm;
create schema store;

-- A head per resource that was ever written or referred to. version 0: only referred to,
-- so that a reference can be stored before its target and joins by number ever after.
create table store.resource (
    rid      bigint generated always as identity primary key,
    seq      bigint   not null default 0,
    patient  bigint   not null default 0,
    version  integer  not null default 0,
    labels   integer  not null default 0,  -- bits whose meaning the caller of commit gives
    type     smallint not null,
    deleted  boolean  not null default false,
    fhir_id  text collate "C" not null,
    constraint resource_id_is_unique unique (type, fhir_id)
) with (fillfactor = 90);

-- Every version, as the exact bytes that go on the wire; a delete has none. Append-only.
create table store.version (
    seq      bigint   not null,
    rid      bigint   not null,
    patient  bigint   not null,
    version  integer  not null,
    labels   integer  not null default 0,
    type     smallint not null,
    method   smallint not null,  -- 1 POST, 2 PUT, 3 PATCH, 4 DELETE
    body     bytea,
    primary key (rid, version)
);
create unique index version_feed on store.version (seq);
create index version_feed_of_type on store.version (type, seq);
alter table store.version alter column body set storage extended;

-- The search index: one wide row per version that is, or was a moment ago, current.
-- born and died are transactions: a page of an older snapshot is answered by them, and a
-- job removes the dead ones. Index rows are derived data and can be rebuilt from bodies.
create table store.entry (
    seq      bigint   primary key,
    rid      bigint   not null,
    patient  bigint   not null,            -- rid of the primary patient, 0: none
    born     xid8     not null default pg_current_xact_id(),
    died     xid8,
    date_lo  bigint,                       -- the type's main date, microseconds since 1970,
    date_hi  bigint,                       -- half-open
    version  integer  not null,
    labels   integer  not null default 0,
    type     smallint not null,
    tokens   bigint[] not null
) with (fillfactor = 95);
create index entry_tokens on store.entry using gin (tokens) with (fastupdate = on, gin_pending_list_limit = 64);
create index entry_of_patient on store.entry (patient, type, date_lo desc) where patient <> 0;
create index entry_of_type on store.entry (type, seq);
create index entry_by_date on store.entry (type, date_lo);
create index entry_of_resource on store.entry (rid);
alter table store.entry alter column tokens set statistics 1000;

-- Ordered kinds, keyed by the version they were read from.
create table store.entry_string (
    seq   bigint   not null,
    slot  smallint not null,
    norm  text collate "C" not null,
    raw   text collate "C"                 -- null: the same as norm
);
-- a string may be longer than an index row may be; the rest is compared in the table
create index entry_string_starts on store.entry_string (slot, (left(norm, 100)) collate "C", seq);
create index entry_string_contains on store.entry_string using gin (norm gin_trgm_ops);
create index entry_string_of_entry on store.entry_string (seq);

create table store.entry_date (
    seq   bigint   not null,
    lo    bigint   not null,
    hi    bigint   not null,
    slot  smallint not null
);
create index entry_date_lo on store.entry_date (slot, lo, seq);
create index entry_date_hi on store.entry_date (slot, hi, seq);
create index entry_date_of_entry on store.entry_date (seq);

create table store.entry_number (
    seq   bigint           not null,
    unit  bigint           not null,       -- 0: no unit; else hash of unit or of unit and token
    lo    double precision not null,
    hi    double precision not null,
    slot  smallint         not null
);
create index entry_number_value on store.entry_number (slot, unit, lo, seq);
create index entry_number_of_entry on store.entry_number (seq);

-- The dictionary of texts behind tokens: displays for :text, addresses for :below. It only
-- grows; whether a text is in use is for the token index to say.
create table store.term (
    token  bigint   primary key,
    slot   smallint not null,
    norm   text collate "C" not null
);
create index term_starts on store.term (slot, (left(norm, 100)) collate "C");

-- One living resource per person number, organisation number and the like.
create table store.unique_identifier (
    rid     bigint   not null,
    type    smallint not null,
    system  text collate "C" not null,
    value   text collate "C" not null,
    constraint identifier_is_unique primary key (type, system, value)
);
create index unique_identifier_of_resource on store.unique_identifier (rid);

-- Facts about this database: the secret key of the token hashes.
create table store.fact (
    name   text primary key,
    value  text not null
);
insert into store.fact (name, value)
values ('token-key', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));

-- Where consumers of the change feed have come to.
create table store.feed_position (
    consumer  text primary key,
    seq       bigint not null default 0
);
