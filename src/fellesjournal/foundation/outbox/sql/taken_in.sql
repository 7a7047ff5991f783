-- What came in by the mailbox, and what became of it: one row for each message, however often it came.
create table outbox.taken_in (
    digest  bytea       primary key,
    kind    text        not null,          -- what the message says it is, when that is known here
    fate    text        not null,
    came    timestamptz not null,
    times   integer     not null default 1
);
create index taken_in_came on outbox.taken_in (came);
