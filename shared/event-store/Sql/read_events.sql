-- A stream's events from a version on.
select seq_id, id, stream_id, version, data, type, timestamp
from {schema}.mt_events
where stream_id = $1 and version >= $2
order by version
