-- Keeps what a consumed message sent, in the order sent.
insert into {schema}.outbox (message_id, consumer_id, position, envelope)
select $1, $2, position, envelope::json from unnest($3) with ordinality as sent (envelope, position)
