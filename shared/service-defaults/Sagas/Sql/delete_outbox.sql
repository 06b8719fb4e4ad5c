-- Removes what some messages owed, when the broker has confirmed it.
delete from {schema}.outbox o
using unnest($1, $2) as delivered (message_id, consumer_id)
where o.message_id = delivered.message_id and o.consumer_id = delivered.consumer_id
