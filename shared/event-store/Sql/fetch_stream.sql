-- One row for the stream (place 0, with its snapshot when it is of the asked revision and newer than version
-- $4, the id of the event at that version, and the time), then the events after both. One statement, so that
-- all is seen at one moment.
select 0::bigint as place, coalesce(s.version, 0) as version,
    case when (s.snapshot ->> 'revision')::int = $2 and s.snapshot_version > $4
        then s.snapshot -> 'state' end as data,
    null::varchar as type,
    (select e.id from {schema}.mt_events as e where e.stream_id = $1 and e.version = $4) as id,
    case when (s.snapshot ->> 'revision')::int = $2 then s.snapshot_version else 0 end::bigint as number,
    clock_timestamp() as timestamp
from (values ($1)) as asked (id)
left join {schema}.mt_streams as s on s.id = asked.id
union all
select e.version, e.version, e.data, e.type, e.id, e.seq_id, e.timestamp
from {schema}.mt_events as e
where e.stream_id = $1
    and e.version <= $3
    and e.version > greatest($4, (
        select s.snapshot_version from {schema}.mt_streams as s
        where s.id = $1 and (s.snapshot ->> 'revision')::int = $2))
order by place
