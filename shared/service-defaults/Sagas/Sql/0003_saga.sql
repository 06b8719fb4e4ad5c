-- Sagas. due: when their deadline fires, null when they wait for nothing. Rows stay after the saga's end.
create table if not exists {schema}.saga (
    correlation_id uuid not null,
    type text not null,
    version bigint not null,
    current_state text generated always as (data ->> 'currentState') stored,
    data jsonb not null,
    due timestamptz,
    created bigint generated always as identity,
    updated timestamptz not null default now(),
    constraint saga_once_per_id primary key (correlation_id, type),
    constraint saga_version_as_read check (version > 0)
);
create index if not exists saga_by_due on {schema}.saga (type, due) where due is not null;
create index if not exists saga_newest_first on {schema}.saga (type, created desc);
