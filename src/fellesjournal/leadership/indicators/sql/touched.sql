-- Which months of a table have changed, and last at which commit number: what files of it must be written anew.
create table figures.touched (
    generation integer not null references figures.flattened on delete cascade,
    month      text    not null,              -- "2026-01" of the day a row counts in; "none" without one
    position   bigint  not null,
    primary key (generation, month)
);
