-- What was shown of an indicator, for a unit, a period and a side, part by part ("" is the figure itself):
-- so that two looks a while apart, or two pages, never differ by a few people. Counts and values only.
create table figures.published (
    definition  text    not null,             -- hash of what it was counted by
    starts      date    not null,
    ends        date    not null,
    side        text    not null check (side in ('from', 'to')),
    unit        bigint  not null,             -- number of the Organization; the figure is of it and all below
    part        text    not null,
    numerator   bigint,
    denominator bigint  not null,
    value       text,                         -- an exact fraction, "7/2"
    at          bigint  not null,             -- the cut it was counted at, microseconds since 1970
    primary key (definition, starts, ends, side, unit, part)
);
