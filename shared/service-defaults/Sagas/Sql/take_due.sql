-- Takes sagas whose deadline passed, and pushes it forward by $2. A saga that a message is moving is left alone.
with passed as (
    select correlation_id from {schema}.saga
    where type = $1 and due <= now() and deadline <= now()
    order by due
    limit $3
    for update skip locked
)
update {schema}.saga s set deadline = now() + $2, due = now() + $2 from passed
where s.correlation_id = passed.correlation_id and s.type = $1
returning s.correlation_id, s.version, s.data
