-- What leaders agree on, in versions. Nothing here is about a patient.
create schema leadership;

create table leadership.document (
    id       bigint      generated always as identity primary key,
    kind     text        not null,
    key      text        not null,
    version  integer     not null check (version > 0),
    body     jsonb       not null,
    author   text        not null,             -- Practitioner/1, or system:...
    role     text        not null,
    unit     text        not null,             -- where she worked when she saved it
    at       timestamptz not null,
    reason   text        not null,
    unique (kind, key, version)
);

-- Append-only, for the owner of the schema too: a version once saved is what was agreed on then.
create function leadership.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'documents are followed by new versions, never changed' using errcode = 'restrict_violation';
end $$;
create trigger document_stays before update or delete or truncate on leadership.document
    for each statement execute function leadership.refuse_change();
