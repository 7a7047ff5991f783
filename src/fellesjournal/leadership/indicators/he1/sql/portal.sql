-- Who uses HelsaMi, by number of the person in the record: no name, no national number, nothing of what
-- was seen. Derived by the job `count-portal-use`; read by statements that answer counts only.

-- Everybody who has signed in as herself and accepted the terms, with the municipality she lived in then:
-- who has been counted stays counted there, wherever she moves.
create table figures.portal_user (
    patient      bigint primary key,
    began_week   date   not null,             -- the Monday of the ISO week
    municipality text   not null collate "C"  -- its number; '': the record does not say
);
create index portal_user_week on figures.portal_user (began_week);

-- Who signed in as herself in which week; whose record another opened for her. Kept as long as sessions are.
create table figures.portal_active (
    week    date   not null,
    patient bigint not null,
    primary key (week, patient)
);
create table figures.portal_represented (
    week    date   not null,
    patient bigint not null,
    primary key (week, patient)
);

-- Up to when it is counted: one row.
create table figures.portal_counted (
    one      boolean     primary key default true check (one),
    until_at timestamptz not null
);
