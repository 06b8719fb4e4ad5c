-- Takes messages that have been owed for longer than $1: their consumer gave up between commit and delivery.
-- Position 1 stands for all that one consumed message owes: it is taken, and later removed, together.
with owed as (
    select message_id, consumer_id from {schema}.outbox
    where position = 1 and taken <= now() - $1
    order by taken
    limit $2
    for update skip locked
)
update {schema}.outbox o set taken = now() from owed
where o.message_id = owed.message_id and o.consumer_id = owed.consumer_id
returning o.message_id, o.consumer_id, o.envelope
