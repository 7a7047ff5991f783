-- Messages from one package to another, and when jobs of the clock are next due.
create schema outbox;

create table outbox.message (
    id          bigint      generated always as identity primary key,
    event       text        not null,
    subscriber  text        not null,
    key         text        not null,          -- messages of one key are handled in their order; '': no order
    payload     jsonb       not null,          -- ids and codes, never clinical content
    made        timestamptz not null,
    due         timestamptz not null,
    attempts    integer     not null default 0,
    failure     text        not null default '', -- the kind of the last failure, and where in the program
    done        timestamptz
);
create index message_waiting on outbox.message (due, id) where done is null;
create index message_in_order on outbox.message (subscriber, key, id) where done is null;
create index message_done on outbox.message using brin (id);

create table outbox.timer (
    name  text        primary key,
    next  timestamptz not null
);
