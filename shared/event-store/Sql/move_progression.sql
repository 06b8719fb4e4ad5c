-- Moves a reader on; no row when it is not where it was thought to be, because another reads under its name.
update {schema}.mt_event_progression set last_seq_id = $3, last_updated = clock_timestamp()
where name = $1 and last_seq_id = $2
