-- When each host's agent was last heard, in the database's time. Not an event: it says nothing worth keeping.
-- Several processes may run this at once: the lock makes them do so in turn.
select pg_advisory_xact_lock(hashtextextended('inventory.host_heard', 0));
create schema if not exists inventory;
create table if not exists inventory.host_heard (
    host_id text primary key,
    heard_at timestamptz not null
);
