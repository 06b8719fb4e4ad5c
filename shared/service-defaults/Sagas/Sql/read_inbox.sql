-- What is known of a message. No row: it was not consumed. Else a row for each message it owes, or one null.
select o.envelope
from {schema}.inbox i
left join {schema}.outbox o using (message_id, consumer_id)
where i.message_id = $1 and i.consumer_id = $2
order by o.position
