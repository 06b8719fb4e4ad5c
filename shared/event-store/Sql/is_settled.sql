-- Whether every transaction older than the given one has ended.
select pg_snapshot_xmin(pg_current_snapshot()) >= $1
