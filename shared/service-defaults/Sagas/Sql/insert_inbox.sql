-- Remembers that a message was consumed. Fails by message_consumed_once when it was before.
insert into {schema}.inbox (message_id, consumer_id) values ($1, $2)
