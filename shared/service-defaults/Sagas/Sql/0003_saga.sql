-- Sagas. Rows stay after the saga's end.
-- deadline: when it fires, null when the saga waits for nothing. due: never later than that, and mostly not moved
-- with it: a write that changes no index stays on its page, for which there is room.
create table if not exists {schema}.saga (
    correlation_id uuid not null,
    type text not null,
    version bigint not null,
    data json not null,
    deadline timestamptz,
    due timestamptz,
    created bigint generated always as identity,
    updated timestamptz not null default now(),
    constraint saga_once_per_id primary key (correlation_id, type),
    constraint saga_version_as_read check (version > 0)
) with (fillfactor = 40, toast_tuple_target = 8160);
create index if not exists saga_by_due on {schema}.saga (type, due) where due is not null;
create index if not exists saga_newest_first on {schema}.saga (type, created desc);
