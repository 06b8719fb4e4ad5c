-- Begins a saga. Fails by saga_once_per_id when another message began it first.
insert into {schema}.saga (correlation_id, type, version, data, due) values ($1, $2, 1, $3, now() + $4)
