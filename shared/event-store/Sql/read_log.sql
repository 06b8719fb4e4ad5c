-- A page of the log, up to the high-water mark; archived streams are left out.
select seq_id, id, stream_id, version, data, type, timestamp
from {schema}.mt_events
where seq_id > $1 and seq_id <= $2 and not is_archived
order by seq_id
limit $3
