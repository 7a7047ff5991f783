-- Who is or was signed in to the pages. The row is asked for at every request, so that an
-- end takes effect at once; ended rows stay as the account of who signed in when.
create table access.web_session (
    id                uuid        primary key,
    kind              text        not null check (kind in ('staff', 'citizen')),
    person            text        not null,  -- Practitioner/x or Patient/x
    name              text        not null,
    hpr               text        not null default '',
    provider          text        not null,
    subject           text        not null,  -- `sub` at the provider
    sid               text        not null default '',  -- the session at the provider
    security_level    text        not null,
    authenticated_at  timestamptz not null,
    started           timestamptz not null,
    seen              timestamptz not null,
    ends              timestamptz not null,  -- absolute limit
    ended             timestamptz,
    ended_why         text        not null default '',
    device            text        not null default '',
    role_id           text        not null default '',
    role              text        not null default '',
    role_title        text        not null default '',
    unit              text        not null default '',
    unit_name         text        not null default ''
);
create index web_session_of_person on access.web_session (person, started desc);
create index web_session_of_provider on access.web_session (provider, sid) where ended is null;

-- What may be used once, until it expires: codes, pushed requests, ids of proofs. By hash only.
create table access.held (
    kind     text        not null,
    key      bytea       not null,
    content  text        not null,
    expires  timestamptz not null,
    primary key (kind, key)
);
create index held_expires on access.held (expires);

-- Sign-ins that were refused, by a keyed hash of the client's address: to slow down misuse.
create table access.sign_in_failure (
    id       bigint generated always as identity primary key,
    at       timestamptz not null,
    address  bytea       not null,
    reason   text        not null
);
create index sign_in_failure_of_address on access.sign_in_failure (address, at);

-- Which version of the terms a citizen has accepted (first sign-in requires it).
create table access.terms_accepted (
    person   text        not null,
    version  text        not null,
    at       timestamptz not null,
    primary key (person, version)
);
