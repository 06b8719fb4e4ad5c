-- A saga as last committed, without waiting for whoever moves it.
select correlation_id, version, data from {schema}.saga where correlation_id = $1 and type = $2
