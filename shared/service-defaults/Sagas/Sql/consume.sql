-- Remembers that a message was consumed, and keeps what it sent, in the order sent.
-- Fails by message_consumed_once when it was before.
with consumed as (
    insert into {schema}.inbox (message_id, consumer_id) values ($1, $2)
)
insert into {schema}.outbox (message_id, consumer_id, position, envelope)
select $1, $2, position, envelope from unnest($3) with ordinality as sent (envelope, position)
