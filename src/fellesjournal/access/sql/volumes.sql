-- What was sent, had arrived, and had come of each day, as it was counted in the night after it.
-- Numbers alone: nothing here is about anybody.
create table access.counted_day (
    day     date        primary key,
    at      timestamptz not null              -- when it was counted
);
create table access.volume (
    day     date        not null references access.counted_day,
    measure text        not null,             -- sent, arrived, received
    route   text        not null,
    kind    text        not null,
    number  integer     not null,
    primary key (day, measure, route, kind)
);
-- A number that fell beyond what chance does: somebody's work until it has an outcome.
create table access.volume_alert (
    id       bigint      generated always as identity primary key,
    day      date        not null references access.counted_day,
    measure  text        not null,
    route    text        not null,
    kind     text        not null,
    number   integer     not null,
    expected numeric     not null,
    raised   timestamptz not null,
    deadline timestamptz not null,
    owner    text        not null default '', -- Practitioner/x who has taken it; empty: all operators
    outcome  text        not null default '', -- empty: open
    words    text        not null default '',
    closed   timestamptz,
    closed_by text       not null default '',
    unique (day, measure, route, kind)
);
create index volume_alert_open on access.volume_alert (deadline) where outcome = '';
