-- What access is decided by. All rows here are derived from resources of the record, in the
-- transaction that writes the resource (access/relations/rows.py); only openings are acts of
-- their own. Times are microseconds since 1970, periods half-open.

-- Where somebody works, in which role: from PractitionerRole.
create table access.employment (
    source        bigint  primary key,       -- the PractitionerRole
    practitioner  bigint  not null,
    unit          bigint  not null,
    code          text    not null,          -- its role, by policy/roles.py
    starts        bigint  not null,
    ends          bigint  not null,
    stands_in_for bigint[] not null default '{}'
);
create index employment_of_practitioner on access.employment (practitioner);

-- Who works nowhere any more, whatever her roles say: from Practitioner.active. Few, and apart
-- from the roles, for each row here follows from one resource.
create table access.inactive (
    source  bigint primary key               -- the Practitioner
);

-- What an organisation or service belongs to: from Organization.partOf and
-- HealthcareService.providedBy.
create table access.part_of (
    source  bigint primary key,
    parent  bigint not null
);
create index part_of_parent on access.part_of (parent);

-- Who is in a care team, which may hold grounds of its own: from CareTeam.participant.
create table access.member (
    source  bigint not null,                 -- the CareTeam
    member  bigint not null,
    starts  bigint not null,
    ends    bigint not null
);
create index member_is_in on access.member (member, ends) include (source, starts);
create index member_of_source on access.member (source);

-- Why somebody may see a patient.
create table access.ground (
    patient  bigint   not null,
    holder   bigint   not null,              -- a Practitioner, PractitionerRole or Organization
    kind     smallint not null,              -- policy/kinds.py
    starts   bigint   not null,
    ends     bigint   not null,
    source   bigint   not null               -- the resource it was derived from; negative: an opening
);
create index ground_of_patient on access.ground (patient, holder) include (kind, starts, ends);
create index ground_of_holder on access.ground (holder, ends) include (patient);
create index ground_of_source on access.ground (source);

-- What a citizen has closed, and to whom: from Consent.
create table access.block (
    patient    bigint   not null,
    source     bigint   not null,
    holders    bigint[] not null,
    all_but    boolean  not null,            -- everybody but the holders
    areas      integer  not null,            -- policy/areas.py, -1: all
    resource   bigint   not null default 0,  -- 0: no single resource is meant
    starts     bigint   not null,
    ends       bigint   not null,
    care_lo    bigint,                       -- only care in this period; null: of any time
    care_hi    bigint
);
create index block_of_patient on access.block (patient);
create index block_of_source on access.block (source);

-- Labels that end: what is delayed until a moment.
create table access.release (
    source  bigint  not null,
    label   integer not null,                -- one bit of labels.py
    ends    bigint  not null,
    primary key (source, label)
);

-- The patients of versions that are about several. Kept for each version, for versions and what
-- was deleted can still be asked for; a delete is about those of the version before it.
create table access.also_about (
    source   bigint  not null,
    version  integer not null,
    patient  bigint  not null,
    primary key (source, version, patient)
);

-- NORN_ALL (labels.py) on anything of hers closes a record in the portal: asked at each request.
create index entry_closes_record on store.entry (patient) where (labels & 4096) <> 0;

-- What belongs to the review of reading (labels.py, REVIEW): few, and listed to those who review.
create index resource_of_oversight on store.resource (rid) where (labels & 8388608) <> 0;

-- Steps taken on purpose past a closed door. Append-only.
create table access.opening (
    id           bigint   generated always as identity primary key,
    patient      bigint   not null,
    practitioner bigint   not null,
    role         bigint   not null,
    unit         bigint   not null,
    kind         smallint not null,          -- 1 break-glass, 2 extra confidentiality
    labels       integer  not null default 0,
    reason_code  text     not null,
    reason       text     not null,
    starts       bigint   not null,
    ends         bigint   not null,
    task         bigint                      -- the review task of a break-glass
);
create index opening_of_patient on access.opening (patient, practitioner, ends);
