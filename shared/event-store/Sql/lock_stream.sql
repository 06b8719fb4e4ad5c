-- Keeps a stream at the version it was read at until the transaction ends; no row when it has moved.
select 1 from {schema}.mt_streams where id = $1 and version = $2 for share
