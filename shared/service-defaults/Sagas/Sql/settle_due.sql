-- Looks again later, or no more, at sagas whose deadline was moved since they were put down for now.
with moved as (
    select correlation_id from {schema}.saga
    where type = $1 and due <= now() and (deadline is null or deadline > now())
    order by due
    limit $2
    for update skip locked
)
update {schema}.saga s set due = s.deadline from moved
where s.correlation_id = moved.correlation_id and s.type = $1
