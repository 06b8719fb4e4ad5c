-- A saga, locked until the transaction ends. No row: it has not begun.
select version, data from {schema}.saga where correlation_id = $1 and type = $2 for update
