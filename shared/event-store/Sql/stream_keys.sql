-- A page of the streams of a kind, by key.
select id from {schema}.mt_streams
where type = $1 and id collate "C" > $2 and not is_archived
order by id collate "C"
limit 500
