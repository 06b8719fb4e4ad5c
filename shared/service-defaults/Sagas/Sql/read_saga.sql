-- A saga ($1, $2), whether a message ($3, $4) was consumed, and what that one still owes. One row, of one moment.
select s.version, s.data, i.message_id is not null,
    case when i.message_id is not null then array(
        select o.envelope from {schema}.outbox o
        where o.message_id = i.message_id and o.consumer_id = i.consumer_id
        order by o.position) end
from (values ($1, $2, $3, $4)) as asked (correlation_id, type, message_id, consumer_id)
left join {schema}.saga s on s.correlation_id = asked.correlation_id and s.type = asked.type
left join {schema}.inbox i on i.message_id = asked.message_id and i.consumer_id = asked.consumer_id
