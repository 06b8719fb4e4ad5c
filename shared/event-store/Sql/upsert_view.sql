-- A view never goes back to an earlier version of its stream.
insert into {schema}.mt_view as v (name, id, version, data)
values ($1, $2, $3, $4)
on conflict (name, id) do update set version = excluded.version, data = excluded.data
where v.version < excluded.version
