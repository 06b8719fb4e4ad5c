-- Notes that a host's agent was heard now.
insert into inventory.host_heard (host_id, heard_at) values ($1, clock_timestamp())
on conflict (host_id) do update set heard_at = excluded.heard_at
