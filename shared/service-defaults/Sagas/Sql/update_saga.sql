-- Moves a saga on, with the message ($1, $2) that did and what it sent ($3).
-- Fails by saga_version_as_read when it is not at the version that was read ($7), and by message_consumed_once.
with consumed as (
    insert into {schema}.inbox (message_id, consumer_id) values ($1, $2)
),
kept as (
    insert into {schema}.outbox (message_id, consumer_id, position, envelope)
    select $1, $2, position, envelope from unnest($3) with ordinality as sent (envelope, position)
)
update {schema}.saga
set version = case version when $7 then version + 1 else -1 end,
    data = $6,
    deadline = case when $8 then deadline else now() + $9 end,
    due = case when not $8 and (due is null or due > now() + $9) then now() + $9 else due end,
    updated = now()
where correlation_id = $4 and type = $5
