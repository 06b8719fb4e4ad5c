-- Marten's event tables, and the views. Runs under an advisory lock, by every process that starts; nothing
-- may fail.
do $$
begin
    -- "if not exists" would ask for the right to create schemas even when there is nothing to create.
    if to_regnamespace('{schema}') is null then
        create schema {schema};
    end if;
end $$;

create sequence if not exists {schema}.mt_events_sequence;

create table if not exists {schema}.mt_streams (
    id varchar not null constraint pkey_mt_streams_id primary key,
    type varchar,
    version bigint,
    timestamp timestamptz not null default now(),
    snapshot jsonb,
    snapshot_version integer,
    created timestamptz not null default now(),
    tenant_id varchar default '*DEFAULT*',
    is_archived boolean default false
);

create table if not exists {schema}.mt_events (
    seq_id bigint not null constraint pkey_mt_events_seq_id primary key,
    id uuid not null,
    stream_id varchar constraint fkey_mt_events_stream_id references {schema}.mt_streams on delete cascade,
    version bigint not null,
    data jsonb not null,
    type varchar(500) not null,
    timestamp timestamptz not null default now(),
    tenant_id varchar default '*DEFAULT*',
    mt_dotnet_type varchar,
    is_archived boolean default false
);

create unique index if not exists pk_mt_events_stream_and_version on {schema}.mt_events (stream_id, version);

create table if not exists {schema}.mt_event_progression (
    name varchar not null constraint pk_mt_event_progression primary key,
    last_seq_id bigint,
    last_updated timestamptz default now()
);

-- Not Marten's, which has a table for each kind of document.
create table if not exists {schema}.mt_view (
    name varchar not null,
    id varchar not null,
    version bigint not null,
    data jsonb not null,
    constraint pkey_mt_view_name_id primary key (name, id)
);
