-- Which courses a role needs from an organisation's go-live on, and who has passed them: what those
-- who plan the rollout have said, kept here so that choosing a role asks nobody else.
create table access.course_rule (
    unit     text  primary key,               -- Organization/x: for it and all below it
    source   text  not null unique,           -- whose plan says so: it has one rule, wherever it moves
    mode     text  not null check (mode in ('off', 'warn', 'stop')),
    go_live  date  not null                   -- the first day it holds
);
create table access.course_needed (
    unit     text  not null references access.course_rule on delete cascade,
    role     text  not null,                  -- a code of PractitionerRole
    course   text  not null,
    title    text  not null,
    place    text  not null,                  -- where to take it
    contact  text  not null,                  -- whom to ask
    primary key (unit, role, course)
);
create table access.course_passed (
    unit         text  not null references access.course_rule on delete cascade,
    practitioner text  not null,              -- Practitioner/x
    role         text  not null,
    course       text  not null,
    passed       date  not null,
    expires      date                         -- the first day it no longer holds; null: never
);
create index course_passed_by on access.course_passed (practitioner);

-- Leave to work in a role without them, for a time: a leader's, or one's own in an emergency.
create table access.course_waiver (
    id           bigint      generated always as identity primary key,
    role_id      text        not null,        -- the PractitionerRole
    practitioner text        not null,
    unit         text        not null,
    kind         text        not null check (kind in ('leader', 'emergency')),
    reason       text        not null check (reason <> ''),
    given_by     text        not null,
    starts       timestamptz not null,
    ends         timestamptz not null check (ends > starts)
);
create index course_waiver_of on access.course_waiver (role_id, ends);
