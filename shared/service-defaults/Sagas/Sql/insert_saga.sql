-- Begins a saga, with the message ($1, $2) that did and what it sent ($3).
-- Fails by saga_once_per_id when another message began it first, and by message_consumed_once.
with consumed as (
    insert into {schema}.inbox (message_id, consumer_id) values ($1, $2)
),
kept as (
    insert into {schema}.outbox (message_id, consumer_id, position, envelope)
    select $1, $2, position, envelope from unnest($3) with ordinality as sent (envelope, position)
)
insert into {schema}.saga (correlation_id, type, version, data, deadline, due)
values ($4, $5, 1, $6, now() + $7, now() + $7)
