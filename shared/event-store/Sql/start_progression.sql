-- Where a reader of the log is; at its beginning when it is new.
insert into {schema}.mt_event_progression as p (name, last_seq_id)
values ($1, 0)
on conflict (name) do update set last_seq_id = p.last_seq_id
returning last_seq_id
