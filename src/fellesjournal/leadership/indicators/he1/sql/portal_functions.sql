-- Who used which function of HelsaMi in which week, by number of the person in the record; nothing of what was
-- seen. Derived from the log by the job `count-portal-use`, kept as long as sessions are.
create table figures.portal_function (
    week     date   not null,
    function text   not null collate "C",
    patient  bigint not null,
    primary key (week, function, patient)
);

-- Up to when it is counted: one row.
create table figures.portal_function_counted (
    one      boolean     primary key default true check (one),
    until_at timestamptz not null
);
