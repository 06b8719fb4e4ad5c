-- Appends events to one stream, and answers its new version. Writes mt_streams before it draws a number, so
-- that the transaction has an id by then: readers of the log rely on it. Fails with MT001 when the stream is
-- not at the expected version (null: any; 0: not there yet), and with MT002 when it is archived; the hint is
-- the stream's key.
create or replace function {schema}.mt_append_events(
    stream varchar, stream_type varchar, expected bigint, event_ids uuid[], event_types varchar[],
    dotnet_types varchar[], bodies jsonb[], new_snapshot jsonb)
returns bigint language plpgsql as $$
declare
    added bigint := cardinality(event_ids);
    reached bigint;
begin
    if expected > 0 then
        update {schema}.mt_streams as s
        set version = s.version + added,
            timestamp = clock_timestamp(),
            snapshot = coalesce(new_snapshot, s.snapshot),
            snapshot_version = case
                when new_snapshot is null then s.snapshot_version else s.version + added end
        where s.id = stream and s.version = expected and not s.is_archived
        returning s.version into reached;
    else
        insert into {schema}.mt_streams as s
            (id, type, version, timestamp, created, snapshot, snapshot_version)
        values (stream, stream_type, added, clock_timestamp(), clock_timestamp(), new_snapshot,
            case when new_snapshot is null then null else added end)
        on conflict (id) do update
        set version = s.version + added, timestamp = clock_timestamp()
        where expected is null and not s.is_archived
        returning s.version into reached;
    end if;

    if reached is null then
        if exists (select from {schema}.mt_streams as s where s.id = stream and s.is_archived) then
            raise exception 'stream % is archived', stream using errcode = 'MT002', hint = stream;
        end if;
        raise exception 'stream % is not at version %', stream, expected
            using errcode = 'MT001', hint = stream;
    end if;

    insert into {schema}.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type)
    select nextval('{schema}.mt_events_sequence'), happened.id, stream, reached - added + happened.place,
        happened.body, happened.type, clock_timestamp(), happened.dotnet_type
    from unnest(event_ids, event_types, dotnet_types, bodies)
        with ordinality as happened (id, type, dotnet_type, body, place);

    return reached;
end $$;
