-- Forgets messages consumed longer ago than $1 that owe nothing.
delete from {schema}.inbox where (message_id, consumer_id) in (
    select i.message_id, i.consumer_id from {schema}.inbox i
    where i.consumed < now() - $1
        and not exists (
            select from {schema}.outbox o where o.message_id = i.message_id and o.consumer_id = i.consumer_id)
    limit $2
    for update skip locked
)
