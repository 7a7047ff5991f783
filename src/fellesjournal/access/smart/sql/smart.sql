-- OAuth 2 and SMART App Launch: clients, what people agreed to, codes, tokens, keys.
-- Secrets (codes, tokens, client secrets, launch handles) are 256 random bits and stand here
-- as SHA-256 only: whoever reads the tables can't use them. Times are microseconds since 1970.

create table access.smart_client (
    client_id     text     primary key,
    name          text     not null,
    method        text     not null check (method in ('none', 'client_secret_basic', 'private_key_jwt')),
    secret        bytea,
    grants        text[]   not null,
    redirects     text[]   not null,
    scope         text     not null,
    -- a backend service has no user: what it may see follows from this purpose alone
    purpose       text     not null default '',
    purpose_text  text     not null default '',
    jwks          text     not null default '',
    jwks_uri      text     not null default '',
    client_uri    text     not null default '',
    logo_uri      text     not null default '',
    policy_uri    text     not null default '',
    tos_uri       text     not null default '',
    contacts      text[]   not null default '{}',
    dpop          boolean  not null default false,
    introspects   boolean  not null default false,
    launch_uri    text     not null default '',
    made          bigint   not null,
    made_by       text     not null,
    disabled      bigint,
    constraint a_secret_belongs_to_its_method check ((method = 'client_secret_basic') = (secret is not null)),
    constraint a_service_has_a_purpose
        check (not ('client_credentials' = any (grants)) or purpose <> '')
);

-- Right to register a client by RFC 7591, handed out by an administrator.
create table access.smart_registration (
    hash     bytea   primary key,
    note     text    not null,
    scope    text    not null,
    made     bigint  not null,
    made_by  text    not null,
    ends     bigint  not null,
    uses     integer not null
);

-- What somebody agreed to, or a service was registered for. All that was issued hangs on it:
-- ending it ends every code and token at once.
create table access.smart_authorization (
    id           bigint  generated always as identity primary key,
    client_id    text    not null references access.smart_client,
    kind         text    not null check (kind in ('staff', 'citizen', 'system')),
    person       text    not null,
    name         text    not null default '',
    role         text    not null,
    role_id      text    not null default '',
    unit         text    not null default '',
    purpose      text    not null,
    scope        text    not null,
    patient      text    not null default '',
    encounter    text    not null default '',
    intent       text    not null default '',
    banner       boolean not null default true,
    nonce        text    not null default '',
    signed_in    bigint  not null default 0,
    web_session  text    not null default '',
    remembered   boolean not null default false,
    made         bigint  not null,
    ends         bigint  not null,
    revoked      bigint,
    revoked_why  text    not null default ''
);
create index smart_authorization_of_person
    on access.smart_authorization (person, client_id) where revoked is null;

create table access.smart_code (
    hash           bytea   primary key,
    authorization_id bigint not null references access.smart_authorization,
    client_id      text    not null,
    redirect       text    not null,
    challenge      text    not null,
    jkt            text    not null default '',
    ends           bigint  not null,
    used           bigint
);

create table access.smart_token (
    hash           bytea    primary key,
    authorization_id bigint not null references access.smart_authorization,
    refresh        boolean  not null,
    scope          text     not null,
    jkt            text     not null default '',
    made           bigint   not null,
    ends           bigint   not null,
    used           bigint,
    revoked        bigint
);
create index smart_token_of_authorization on access.smart_token (authorization_id);
create index smart_token_that_ended on access.smart_token (ends);

-- What may be presented once: the ids of client assertions.
create table access.smart_once (
    hash  bytea  primary key,
    ends  bigint not null
);
-- The same for DPoP proofs, one per request: unlogged, so that it waits for no disk. Empty
-- after a crash of the server; a proof lives for a minute.
create unlogged table access.smart_proof (
    hash  bytea  primary key,
    ends  bigint not null
);

create table access.smart_launch (
    hash       bytea  primary key,
    person     text   not null,
    client_id  text   not null,
    patient    text   not null,
    encounter  text   not null default '',
    intent     text   not null default '',
    ends       bigint not null,
    used       bigint
);

-- Keys that sign id tokens. `private` is encrypted with a key derived from the secret key.
create table access.smart_key (
    kid         text   primary key,
    public      text   not null,
    private     bytea  not null,
    signs_from  bigint not null,
    signs_until bigint not null,
    ends        bigint not null
);
