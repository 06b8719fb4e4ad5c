-- Moves a saga on. Fails by saga_version_as_read when it is not at the version that was read ($3).
update {schema}.saga
set version = case version when $3 then version + 1 else -1 end,
    data = $4,
    due = case when $5 then due else now() + $6 end,
    updated = now()
where correlation_id = $1 and type = $2
