-- Two records of one person made one, and undone when they were not (INV-45). What the merge
-- changed stands in the history of each resource; these rows say which versions those are.
create table access.merge (
    id             bigint generated always as identity primary key,
    source         bigint      not null,       -- rid of the Patient that went out of use
    target         bigint      not null,       -- rid of the Patient that stands for both
    source_before  integer     not null,       -- versions of the two before the merge
    target_before  integer     not null,
    at             timestamptz not null,
    person         text        not null,
    role           text        not null,
    unit           text        not null,
    reason         text        not null check (reason <> ''),
    seq            bigint      not null default 0,  -- newest commit number of the merge
    undone_at      timestamptz,
    undone_person  text,
    undone_reason  text check (undone_reason <> ''),
    check (source <> target),
    check ((undone_at is null) = (undone_reason is null)),
    check ((undone_at is null) = (undone_person is null))
);
-- One source never leads to two people.
create unique index merge_of_source on access.merge (source) where undone_at is null;
create index merge_of_target on access.merge (target) where undone_at is null;

-- The resources whose references were turned: from version `before` to `after`, at which places.
create table access.merge_moved (
    merge   bigint  not null references access.merge,
    rid     bigint  not null,
    before  integer not null,
    after   integer not null,
    paths   text[]  not null,                  -- JSON pointers
    said    text[]  not null,                  -- what stood at each
    primary key (merge, rid)
);
